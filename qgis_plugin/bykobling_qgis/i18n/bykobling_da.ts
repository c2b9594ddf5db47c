<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="da_DK" sourcelanguage="en_GB">
 <context>
  <name>bykobling</name>
  <message>
   <source>Assess connections</source>
   <translation>Vurder forbindelser</translation>
  </message>
  <message>
   <source>Who gains from the connections you have drawn, and by how much?</source>
   <translation>Hvem får gavn af de forbindelser du har tegnet, og hvor meget?</translation>
  </message>
  <message>
   <source>Measures the town before and after each proposal: homes that reach more, minutes saved to school, shops and stations, and how the gap between vulnerable areas and the rest changes.

Draw lines in any layer. A column kind tells what each is (bridge, underpass, path, stairs, ramp, signal, zebra, refuge, remove, speed); a column proposal puts several lines into one proposal. Where there is no column kind, all lines are of the kind you choose here.</source>
   <translation>Måler byen før og efter hvert forslag: boliger der når mere, minutter sparet til skole, butikker og stationer, og hvordan afstanden mellem udsatte områder og resten ændrer sig.

Tegn linjer i et hvilket som helst lag. En kolonne kind fortæller hvad hver linje er (bridge, underpass, path, stairs, ramp, signal, zebra, refuge, remove, speed); en kolonne proposal samler flere linjer i ét forslag. Hvor der ikke er nogen kolonne kind, er alle linjer af den art du vælger her.</translation>
  </message>
  <message>
   <source>Choose a layer of proposals.</source>
   <translation>Vælg et lag med forslag.</translation>
  </message>
  <message>
   <source>The layer {layer} is no file: save the heights as a GeoTIFF first.</source>
   <translation>Laget {layer} er ingen fil: gem først højderne som GeoTIFF.</translation>
  </message>
  <message>
   <source>The column kind of {layer} holds {found}. It may hold: {known}.</source>
   <translation>Kolonnen kind i {layer} indeholder {found}. Den må indeholde: {known}.</translation>
  </message>
  <message>
   <source>{proposal}: {n} residents reach more.</source>
   <translation>{proposal}: {n} beboere når mere.</translation>
  </message>
  <message>
   <source>Proposals</source>
   <translation>Forslag</translation>
  </message>
  <message>
   <source>Kind of lines without a column kind</source>
   <translation>Art af linjer uden kolonnen kind</translation>
  </message>
  <message>
   <source>Measure proposals together, too</source>
   <translation>Mål også forslagene sammen</translation>
  </message>
  <message>
   <source>Heights of the ground (for slopes)</source>
   <translation>Terrænets højder (til stigninger)</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>Rapport</translation>
  </message>
  <message>
   <source>{what}: {where}</source>
   <translation>{what}: {where}</translation>
  </message>
  <message>
   <source>Bridge</source>
   <translation>Bro</translation>
  </message>
  <message>
   <source>Underpass</source>
   <translation>Tunnel</translation>
  </message>
  <message>
   <source>Path</source>
   <translation>Sti</translation>
  </message>
  <message>
   <source>Stairs</source>
   <translation>Trappe</translation>
  </message>
  <message>
   <source>Ramp</source>
   <translation>Rampe</translation>
  </message>
  <message>
   <source>Crossing with signals</source>
   <translation>Lyskryds</translation>
  </message>
  <message>
   <source>Zebra crossing</source>
   <translation>Fodgængerfelt</translation>
  </message>
  <message>
   <source>Crossing with a refuge</source>
   <translation>Overgang med midterhelle</translation>
  </message>
  <message>
   <source>Barrier effect</source>
   <translation>Barriereeffekt</translation>
  </message>
  <message>
   <source>What share of the places within reach do barriers take, and which barrier takes most?</source>
   <translation>Hvor stor en del af stederne inden for rækkevidde tager barrierer, og hvilken barriere tager mest?</translation>
  </message>
  <message>
   <source>Compares, home by home, what can be reached on foot with what could be reached if the barriers were not there. 10 % means: barriers take every tenth place within reach. For each area it names the barrier that takes most.

Write the minutes people walk with commas between, such as 5, 10, 15.</source>
   <translation>Sammenligner, bolig for bolig, hvad man kan nå til fods, med hvad man kunne nå hvis barriererne ikke var der. 10 % betyder: barrierer tager hvert tiende sted inden for rækkevidde. For hvert område nævnes den barriere der tager mest.

Skriv de minutter folk går, med komma imellem, f.eks. 5, 10, 15.</translation>
  </message>
  <message>
   <source>Minutes, with commas between</source>
   <translation>Minutter, med komma imellem</translation>
  </message>
  <message>
   <source>Measure cycling too</source>
   <translation>Mål også på cykel</translation>
  </message>
  <message>
   <source>Barrier map</source>
   <translation>Barrierekort</translation>
  </message>
  <message>
   <source>Where are railways, big roads and water in the way, and how far is it round them?</source>
   <translation>Hvor er jernbaner, store veje og vand i vejen, og hvor langt er der udenom?</translation>
  </message>
  <message>
   <source>Draws the barriers of the town (railways, big roads, water, closed land and your own), every place where they can be crossed on foot, and along both sides of each barrier how much longer the way to the other side is than the straight line.

Black means: there is no way across at all.</source>
   <translation>Tegner byens barrierer (jernbaner, store veje, vand, lukkede arealer og dine egne), hvert sted hvor de kan krydses til fods, og langs begge sider af hver barriere hvor meget længere vejen til den anden side er end fugleflugt.

Sort betyder: der er slet ingen vej over.</translation>
  </message>
  <message>
   <source>1 Prepare</source>
   <translation>1 Forbered</translation>
  </message>
  <message>
   <source>2 Measure</source>
   <translation>2 Mål</translation>
  </message>
  <message>
   <source>3 Connect</source>
   <translation>3 Forbind</translation>
  </message>
  <message>
   <source>{path} cannot be written: {why}</source>
   <translation>{path} kan ikke skrives: {why}</translation>
  </message>
  <message>
   <source>Show the results on the map</source>
   <translation>Vis resultaterne på kortet</translation>
  </message>
  <message>
   <source>Folder for the results</source>
   <translation>Mappe til resultaterne</translation>
  </message>
  <message>
   <source>Check my data</source>
   <translation>Tjek mine data</translation>
  </message>
  <message>
   <source>What is wrong with the data, where, and how can it be mended?</source>
   <translation>Hvad er galt med data, hvor, og hvordan rettes det?</translation>
  </message>
  <message>
   <source>Reads everything a profile would read, measures nothing, and writes a layer of what is wrong: which layer, which row, why, and how to mend it. Faults that have a place are points on the map, the others are rows of its table.

Give a map and a layer of areas, or a study file, which then counts alone.</source>
   <translation>Læser alt hvad en profil ville læse, måler ingenting, og skriver et lag med det der er galt: hvilket lag, hvilken række, hvorfor, og hvordan det rettes. Fejl med et sted er punkter på kortet, de andre er rækker i tabellen.

Angiv et kort og et lag med områder, eller en undersøgelsesfil, som så tæller alene.</translation>
  </message>
  <message>
   <source>Or a study file (study.toml)</source>
   <translation>Eller en undersøgelsesfil (study.toml)</translation>
  </message>
  <message>
   <source>What is wrong with the data</source>
   <translation>Hvad der er galt med data</translation>
  </message>
  <message>
   <source>Number of things that must be mended</source>
   <translation>Antal ting der skal rettes</translation>
  </message>
  <message>
   <source>Number of things worth knowing</source>
   <translation>Antal ting der er værd at vide</translation>
  </message>
  <message>
   <source>study</source>
   <translation>undersøgelse</translation>
  </message>
  <message>
   <source>It can be measured.</source>
   <translation>Den kan måles.</translation>
  </message>
  <message>
   <source>{n} things must be mended before it can be measured.</source>
   <translation>{n} ting skal rettes før den kan måles.</translation>
  </message>
  <message>
   <source>Find connections</source>
   <translation>Find forbindelser</translation>
  </message>
  <message>
   <source>Where would a bridge, an underpass or a path give residents most?</source>
   <translation>Hvor ville en bro, en tunnel eller en sti give beboerne mest?</translation>
  </message>
  <message>
   <source>Looks for every place where the way to the other side is much longer than the straight line, measures exactly what a connection there would give the residents, and ranks them: by gain, by gain for each metre and for each million spent, and by what vulnerable areas get.

The costs are rough and marked as assumed; a table of your own may replace them. Whether a place can be built on is for people who know it to say.</source>
   <translation>Leder efter hvert sted hvor vejen til den anden side er meget længere end fugleflugt, måler præcist hvad en forbindelse dér ville give beboerne, og rangordner dem: efter gevinst, efter gevinst pr. meter og pr. brugt million, og efter hvad udsatte områder får.

Priserne er grove og mærket som antaget; din egen tabel kan træde i stedet. Om der kan bygges på et sted, må de afgøre der kender det.</translation>
  </message>
  <message>
   <source>Residents move</source>
   <translation>Beboerne færdes</translation>
  </message>
  <message>
   <source>Look where the way round is at least so many times the straight line</source>
   <translation>Se hvor omvejen er mindst så mange gange fugleflugten</translation>
  </message>
  <message>
   <source>Look for gaps between streets too, besides ways across barriers</source>
   <translation>Se også efter huller mellem gader, ud over veje over barrierer</translation>
  </message>
  <message>
   <source>How many to choose to be built together</source>
   <translation>Hvor mange der skal vælges til at bygges sammen</translation>
  </message>
  <message>
   <source>What those may cost together (million DKK)</source>
   <translation>Hvad de tilsammen må koste (mio. kr.)</translation>
  </message>
  <message>
   <source>Costs of your own (CSV or TOML)</source>
   <translation>Dine egne priser (CSV eller TOML)</translation>
  </message>
  <message>
   <source>on foot</source>
   <translation>til fods</translation>
  </message>
  <message>
   <source>by bicycle</source>
   <translation>på cykel</translation>
  </message>
  <message>
   <source>table of costs</source>
   <translation>tabel med priser</translation>
  </message>
  <message>
   <source>{n} connections were found.</source>
   <translation>{n} forbindelser blev fundet.</translation>
  </message>
  <message>
   <source>Study file (study.toml; a profile writes one into its folder study)</source>
   <translation>Undersøgelsesfil (study.toml; en profil skriver en i sin mappe study)</translation>
  </message>
  <message>
   <source>Catchment (isochrone)</source>
   <translation>Opland (isokron)</translation>
  </message>
  <message>
   <source>What lies within so many minutes of a school, a station or a home?</source>
   <translation>Hvad ligger inden for så mange minutter af en skole, en station eller en bolig?</translation>
  </message>
  <message>
   <source>Draws what is within reach of each point along the streets of a study, with the wait at crossings. The edge lies where time is up, to the metre, and never across a barrier that cannot be crossed. Points too far from a street are left out, and counted.

Write the minutes with commas between, such as 5, 10, 15.</source>
   <translation>Tegner hvad der er inden for rækkevidde af hvert punkt langs gaderne i en undersøgelse, med ventetid ved overgange. Kanten ligger på meteren hvor tiden er gået, og aldrig på den anden side af en barriere der ikke kan krydses. Punkter for langt fra en gade udelades og tælles.

Skriv minutterne med komma imellem, f.eks. 5, 10, 15.</translation>
  </message>
  <message>
   <source>{n} points are too far from a street and were left out.</source>
   <translation>{n} punkter ligger for langt fra en gade og er udeladt.</translation>
  </message>
  <message>
   <source>Points to start from</source>
   <translation>Punkter at starte fra</translation>
  </message>
  <message>
   <source>People move</source>
   <translation>Folk færdes</translation>
  </message>
  <message>
   <source>One catchment of all points together</source>
   <translation>Ét opland for alle punkter sammen</translation>
  </message>
  <message>
   <source>Choose a layer of points.</source>
   <translation>Vælg et lag med punkter.</translation>
  </message>
  <message>
   <source>Noise exposure</source>
   <translation>Støjbelastning</translation>
  </message>
  <message>
   <source>How many residents live with how much noise, and where?</source>
   <translation>Hvor mange beboere lever med hvor megen støj, og hvor?</translation>
  </message>
  <message>
   <source>Reads the level of noise at each home from a map of yours: a raster, contours, or points with the levels of dwellings. Tells for each area how many residents live above each level, and how that compares with the rest of the town.

Contours are bands: name the columns of both their edges, or one column that says them, such as 55-60.

A home below the lowest level mapped counts as that, not as silence; one outside the map is not known. Noise of different sources is never added up: for several maps, name them in the study file.</source>
   <translation>Aflæser støjniveauet ved hver bolig på et kort du har: et raster, konturer eller punkter med boligers niveauer. Fortæller for hvert område hvor mange beboere der bor over hvert niveau, og hvordan det er i forhold til resten af byen.

Konturer er bånd: nævn kolonnerne med begge kanter, eller én kolonne der siger dem, f.eks. 55-60.

En bolig under det laveste kortlagte niveau tæller som det, ikke som stilhed; en uden for kortet er ikke kendt. Støj fra forskellige kilder lægges aldrig sammen: nævn flere kort i undersøgelsesfilen.</translation>
  </message>
  <message>
   <source>The layer {layer} is no file: save it as a GeoTIFF first.</source>
   <translation>Laget {layer} er ingen fil: gem det først som GeoTIFF.</translation>
  </message>
  <message>
   <source>Noise map (raster)</source>
   <translation>Støjkort (raster)</translation>
  </message>
  <message>
   <source>Or noise map (contours or points)</source>
   <translation>Eller støjkort (konturer eller punkter)</translation>
  </message>
  <message>
   <source>Column with the levels, or with the lower edge of each band</source>
   <translation>Kolonne med niveauerne, eller med hvert bånds nedre kant</translation>
  </message>
  <message>
   <source>Column with the upper edge of each band (contours)</source>
   <translation>Kolonne med hvert bånds øvre kant (konturer)</translation>
  </message>
  <message>
   <source>Whose noise</source>
   <translation>Støj fra</translation>
  </message>
  <message>
   <source>What the levels are</source>
   <translation>Hvad niveauerne er</translation>
  </message>
  <message>
   <source>Lowest level mapped (dB)</source>
   <translation>Laveste kortlagte niveau (dB)</translation>
  </message>
  <message>
   <source>Choose a noise map: a raster, or a layer of contours or points.</source>
   <translation>Vælg et støjkort: et raster, eller et lag med konturer eller punkter.</translation>
  </message>
  <message>
   <source>Choose one noise map: a raster, or a layer of contours or points, not both.</source>
   <translation>Vælg ét støjkort: et raster, eller et lag med konturer eller punkter, ikke begge.</translation>
  </message>
  <message>
   <source>Roads</source>
   <translation>Veje</translation>
  </message>
  <message>
   <source>Railways</source>
   <translation>Jernbaner</translation>
  </message>
  <message>
   <source>Aircraft</source>
   <translation>Fly</translation>
  </message>
  <message>
   <source>Industry</source>
   <translation>Industri</translation>
  </message>
  <message>
   <source>Lden (the whole day)</source>
   <translation>Lden (hele døgnet)</translation>
  </message>
  <message>
   <source>Lnight</source>
   <translation>Lnight</translation>
  </message>
  <message>
   <source>Choose the column of the noise map that holds the levels.</source>
   <translation>Vælg den kolonne i støjkortet der indeholder niveauerne.</translation>
  </message>
  <message>
   <source>Noise screening</source>
   <translation>Støjscreening</translation>
  </message>
  <message>
   <source>Roughly how loud are the roads, where no noise map exists?</source>
   <translation>Omtrent hvor meget støjer vejene, hvor der intet støjkort er?</translation>
  </message>
  <message>
   <source>Estimates road noise from traffic: where streets have no counts, traffic is assumed by class of road. Good to about 5 dB either way; an official map is always better, and for building permits the only one that counts.

Writes two rasters: Lden, the level of the whole day with evening and night weighted up, and Lnight. With buildings, which screen, it takes much longer.</source>
   <translation>Anslår vejstøj ud fra trafikken: hvor gader ikke er talt, antages trafikken efter vejklasse. Rammer inden for ca. 5 dB til hver side; et officielt kort er altid bedre, og til byggetilladelser det eneste der gælder.

Skriver to rastre: Lden, niveauet over hele døgnet med aften og nat vægtet op, og Lnight. Med bygninger, som skærmer, tager det meget længere.</translation>
  </message>
  <message>
   <source>Traffic counts</source>
   <translation>Trafiktællinger</translation>
  </message>
  <message>
   <source>Column with vehicles a day</source>
   <translation>Kolonne med køretøjer pr. døgn</translation>
  </message>
  <message>
   <source>Size of a cell (m)</source>
   <translation>En celles størrelse (m)</translation>
  </message>
  <message>
   <source>Buildings screen</source>
   <translation>Bygninger skærmer</translation>
  </message>
  <message>
   <source>Day, evening and night</source>
   <translation>Dag, aften og nat</translation>
  </message>
  <message>
   <source>12, 4 and 8 hours (EU)</source>
   <translation>12, 4 og 8 timer (EU)</translation>
  </message>
  <message>
   <source>12, 3 and 9 hours (Denmark)</source>
   <translation>12, 3 og 9 timer (Danmark)</translation>
  </message>
  <message>
   <source>Choose the column of the traffic counts that holds vehicles a day.</source>
   <translation>Vælg den kolonne i trafiktællingerne der indeholder køretøjer pr. døgn.</translation>
  </message>
  <message>
   <source>{text} is not a list of minutes. Write them with commas between: 5, 10, 15.</source>
   <translation>{text} er ikke en liste af minutter. Skriv dem med komma imellem: 5, 10, 15.</translation>
  </message>
  <message>
   <source>Nothing</source>
   <translation>Intet</translation>
  </message>
  <message>
   <source>Housing-area profile</source>
   <translation>Boligområdeprofil</translation>
  </message>
  <message>
   <source>How cut off is each housing area, by what, and compared with the rest of the town?</source>
   <translation>Hvor afskåret er hvert boligområde, af hvad, og sammenlignet med resten af byen?</translation>
  </message>
  <message>
   <source>Measures for each housing area how much of the town its residents can reach on foot, by bicycle and by public transport, how much of that is lost to railways, big roads and water, and how it compares with the rest.

You need an OpenStreetMap extract that reaches about 1.5 km beyond the areas, and a layer of areas. A layer of residents, your own barriers and a timetable make it better; without them it says what was assumed.

Writes a folder with a report (report.html), a GeoPackage with styled layers, tables, and the study file (study/study.toml) that the other tools of bykobling take.</source>
   <translation>Måler for hvert boligområde hvor meget af byen beboerne kan nå til fods, på cykel og med kollektiv trafik, hvor meget af det der er tabt til jernbaner, store veje og vand, og hvordan det er i forhold til resten.

Du skal bruge et udtræk af OpenStreetMap der rækker ca. 1,5 km ud over områderne, og et lag med områder. Et lag med beboere, dine egne barrierer og en køreplan gør det bedre; uden dem fortælles hvad der er antaget.

Skriver en mappe med en rapport (report.html), en GeoPackage med færdigtegnede lag, tabeller og den undersøgelsesfil (study/study.toml) som de andre værktøjer i bykobling bruger.</translation>
  </message>
  <message>
   <source>Run a study file</source>
   <translation>Kør en undersøgelsesfil</translation>
  </message>
  <message>
   <source>Repeat a study, or run one with settings the other tools do not offer.</source>
   <translation>Gentag en undersøgelse, eller kør en med indstillinger de andre værktøjer ikke har.</translation>
  </message>
  <message>
   <source>Runs a study as its file says. Every tool here writes such a file (study/study.toml in its folder); each line in it is explained, so speeds, cut-offs, delays and much else can be changed with a text editor.</source>
   <translation>Kører en undersøgelse som dens fil siger. Hvert værktøj her skriver sådan en fil (study/study.toml i sin mappe); hver linje i den er forklaret, så hastigheder, tidsgrænser, ventetider og meget andet kan ændres med en teksteditor.</translation>
  </message>
  <message>
   <source>The layer {layer} has no coordinate reference system. Set it in the layer's properties.</source>
   <translation>Laget {layer} har intet koordinatsystem. Angiv det i lagets egenskaber.</translation>
  </message>
  <message>
   <source>The layer {layer} has no column {column}.</source>
   <translation>Laget {layer} har ingen kolonne {column}.</translation>
  </message>
  <message>
   <source>{name} cannot be read as a {what}: its name should end in {endings}.</source>
   <translation>{name} kan ikke læses som {what}: navnet skal ende på {endings}.</translation>
  </message>
  <message>
   <source>No feature of the layer {layer} is selected. Select some, or use them all.</source>
   <translation>Intet objekt i laget {layer} er valgt. Vælg nogle, eller brug dem alle.</translation>
  </message>
  <message>
   <source>The layer {layer} is empty.</source>
   <translation>Laget {layer} er tomt.</translation>
  </message>
  <message>
   <source>map</source>
   <translation>kort</translation>
  </message>
  <message>
   <source>Choose a layer of housing areas.</source>
   <translation>Vælg et lag med boligområder.</translation>
  </message>
  <message>
   <source>Map (OpenStreetMap extract)</source>
   <translation>Kort (udtræk af OpenStreetMap)</translation>
  </message>
  <message>
   <source>Housing areas</source>
   <translation>Boligområder</translation>
  </message>
  <message>
   <source>Column with the names of the areas</source>
   <translation>Kolonne med områdernes navne</translation>
  </message>
  <message>
   <source>Column that tells vulnerable areas from the rest</source>
   <translation>Kolonne der skelner udsatte områder fra resten</translation>
  </message>
  <message>
   <source>Values of that column that mean a vulnerable area, with commas between</source>
   <translation>Værdier i den kolonne der betyder et udsat område, med komma imellem</translation>
  </message>
  <message>
   <source>Residents (points, grid cells or areas)</source>
   <translation>Beboere (punkter, kvadratnet eller flader)</translation>
  </message>
  <message>
   <source>Column with the number of residents</source>
   <translation>Kolonne med antal beboere</translation>
  </message>
  <message>
   <source>Barriers of your own (besides those on the map)</source>
   <translation>Dine egne barrierer (ud over dem på kortet)</translation>
  </message>
  <message>
   <source>Kind of your own barriers</source>
   <translation>Art af dine egne barrierer</translation>
  </message>
  <message>
   <source>Column with a unique id of the areas</source>
   <translation>Kolonne med entydigt id for områderne</translation>
  </message>
  <message>
   <source>Title of the study</source>
   <translation>Undersøgelsens titel</translation>
  </message>
  <message>
   <source>Timetables (GTFS, .zip)</source>
   <translation>Køreplaner (GTFS, .zip)</translation>
  </message>
  <message>
   <source>Without a timetable: use the lines on the map, at assumed intervals</source>
   <translation>Uden køreplan: brug linjerne på kortet med antagne intervaller</translation>
  </message>
  <message>
   <source>Day to look at (2026-05-12; a usual weekday without)</source>
   <translation>Dag der ses på (2026-05-12; ellers en almindelig hverdag)</translation>
  </message>
  <message>
   <source>People leave home from</source>
   <translation>Folk går hjemmefra fra kl.</translation>
  </message>
  <message>
   <source>Choose the column that holds the values that mean a vulnerable area.</source>
   <translation>Vælg den kolonne der indeholder de værdier der betyder et udsat område.</translation>
  </message>
  <message>
   <source>timetable</source>
   <translation>køreplan</translation>
  </message>
  <message>
   <source>The layer {layer} cannot be read.</source>
   <translation>Laget {layer} kan ikke læses.</translation>
  </message>
  <message>
   <source>Other</source>
   <translation>Andet</translation>
  </message>
  <message>
   <source>Big road</source>
   <translation>Stor vej</translation>
  </message>
  <message>
   <source>Railway</source>
   <translation>Jernbane</translation>
  </message>
  <message>
   <source>Water</source>
   <translation>Vand</translation>
  </message>
  <message>
   <source>Closed or unbuilt land</source>
   <translation>Lukket eller ubebygget areal</translation>
  </message>
  <message>
   <source>Choose the column of the layer of residents that holds how many there are.</source>
   <translation>Vælg den kolonne i laget med beboere der fortæller hvor mange der er.</translation>
  </message>
  <message>
   <source>Choose a file for: {what}.</source>
   <translation>Vælg en fil til: {what}.</translation>
  </message>
  <message>
   <source>There is no file {path}.</source>
   <translation>Der er ingen fil {path}.</translation>
  </message>
  <message>
   <source>{text} is no date. Write the day like 2026-05-12.</source>
   <translation>{text} er ingen dato. Skriv dagen som 2026-05-12.</translation>
  </message>
  <message>
   <source>{text} is no time of day. Write it like 08:00.</source>
   <translation>{text} er intet klokkeslæt. Skriv det som 08:00.</translation>
  </message>
  <message>
   <source>All files</source>
   <translation>Alle filer</translation>
  </message>
  <message>
   <source>Public-transport access</source>
   <translation>Adgang til kollektiv trafik</translation>
  </message>
  <message>
   <source>Which stops and stations are near, how often do they run, and how much can be reached?</source>
   <translation>Hvilke stoppesteder og stationer er nær, hvor ofte kører der noget, og hvor meget kan nås?</translation>
  </message>
  <message>
   <source>Measures for each home and area the walk to stops and stations, departures an hour, and the people and places within reach by public transport, leaving home once a minute for an hour.

Give a timetable (GTFS). Where there is none, the lines on the map can stand in at assumed intervals; everything that rests on them is marked as assumed. It says which day was looked at and how many trips run on it.</source>
   <translation>Måler for hver bolig og hvert område gangen til stoppesteder og stationer, afgange i timen, og de mennesker og steder der kan nås med kollektiv trafik, når man går hjemmefra hvert minut i en time.

Angiv en køreplan (GTFS). Hvor der ingen er, kan linjerne på kortet træde i stedet med antagne intervaller; alt der hviler på dem er mærket som antaget. Det fortælles hvilken dag der er set på, og hvor mange ture der kører.</translation>
  </message>
  <message>
   <source>Give a timetable (GTFS), or let the lines on the map stand in for one.</source>
   <translation>Angiv en køreplan (GTFS), eller lad linjerne på kortet træde i stedet.</translation>
  </message>
  <message>
   <source>The engine stopped in the middle of its work; your files are as they were.</source>
   <translation>Motoren standsede midt i arbejdet; dine filer er som de var.</translation>
  </message>
  <message>
   <source>The engine at {path} cannot be started: {why}</source>
   <translation>Motoren {path} kan ikke startes: {why}</translation>
  </message>
  <message>
   <source>Stopped, as you asked.</source>
   <translation>Standset, som du bad om.</translation>
  </message>
  <message>
   <source>The engine took too long to answer.</source>
   <translation>Motoren var for længe om at svare.</translation>
  </message>
  <message>
   <source>The engine is not installed yet. Open the bykobling panel: it sets it up for you.</source>
   <translation>Motoren er ikke installeret endnu. Åbn bykoblings panel: det sætter den op for dig.</translation>
  </message>
  <message>
   <source>There is no engine at {path}, which {where} names. Choose another on the set-up page.</source>
   <translation>Der er ingen motor på {path}, som er angivet i {where}. Vælg en anden på opsætningssiden.</translation>
  </message>
  <message>
   <source>your settings</source>
   <translation>dine indstillinger</translation>
  </message>
  <message>
   <source>the variable BYKOBLING_ENGINE</source>
   <translation>variablen BYKOBLING_ENGINE</translation>
  </message>
  <message>
   <source>bykobling: connections and barriers</source>
   <translation>bykobling: forbindelser og barrierer</translation>
  </message>
  <message>
   <source>1 Data</source>
   <translation>1 Data</translation>
  </message>
  <message>
   <source>2 Profile</source>
   <translation>2 Profil</translation>
  </message>
  <message>
   <source>3 Draw</source>
   <translation>3 Tegn</translation>
  </message>
  <message>
   <source>4 Compare</source>
   <translation>4 Sammenlign</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Afbryd</translation>
  </message>
  <message>
   <source>The engine is not running</source>
   <translation>Motoren kører ikke</translation>
  </message>
  <message>
   <source>Help</source>
   <translation>Hjælp</translation>
  </message>
  <message>
   <source>Engine ...</source>
   <translation>Motor ...</translation>
  </message>
  <message>
   <source>Engine is ready</source>
   <translation>Motoren er klar</translation>
  </message>
  <message>
   <source>The engine is starting ...</source>
   <translation>Motoren starter ...</translation>
  </message>
  <message>
   <source>Engine {version} is ready</source>
   <translation>Motor {version} er klar</translation>
  </message>
  <message>
   <source>minutes saved from end to end</source>
   <translation>minutter sparet fra ende til ende</translation>
  </message>
  <message>
   <source>residents who gain</source>
   <translation>beboere der får gavn af det</translation>
  </message>
  <message>
   <source>places more for each of them</source>
   <translation>flere steder for hver af dem</translation>
  </message>
  <message>
   <source>Before and after: places in reach, mean of an area's residents.</source>
   <translation>Før og efter: steder inden for rækkevidde, middel af områdets beboere.</translation>
  </message>
  <message>
   <source>Area</source>
   <translation>Område</translation>
  </message>
  <message>
   <source>Who gain</source>
   <translation>Med gavn</translation>
  </message>
  <message>
   <source>Before</source>
   <translation>Før</translation>
  </message>
  <message>
   <source>After</source>
   <translation>Efter</translation>
  </message>
  <message>
   <source>Change</source>
   <translation>Ændring</translation>
  </message>
  <message>
   <source>new way</source>
   <translation>ny vej</translation>
  </message>
  <message>
   <source>there is none today</source>
   <translation>der er ingen i dag</translation>
  </message>
  <message>
   <source>The engine is measuring ...</source>
   <translation>Motoren måler ...</translation>
  </message>
  <message>
   <source>From end to end it takes {before} min today and {after} min with it.</source>
   <translation>Fra ende til ende tager det {before} min i dag og {after} min med den.</translation>
  </message>
  <message>
   <source>No resident reaches more places within {n} minutes.</source>
   <translation>Ingen beboer når flere steder inden for {n} minutter.</translation>
  </message>
  <message>
   <source>Counted are residents who reach a place within {n} minutes that they did not reach before.</source>
   <translation>Talt er beboere der inden for {n} minutter når et sted de ikke nåede før.</translation>
  </message>
  <message>
   <source>{n} of them live in vulnerable areas.</source>
   <translation>{n} af dem bor i udsatte områder.</translation>
  </message>
  <message>
   <source>{n} of them live outside the areas of the study.</source>
   <translation>{n} af dem bor uden for undersøgelsens områder.</translation>
  </message>
  <message>
   <source>Answered in {s} s.</source>
   <translation>Besvaret på {s} s.</translation>
  </message>
  <message>
   <source>A line of this kind is measured in step 4, with all proposals.</source>
   <translation>En linje af denne art måles i trin 4 sammen med alle forslag.</translation>
  </message>
  <message>
   <source>Cancelled. Choose the line to ask again.</source>
   <translation>Afbrudt. Vælg linjen for at spørge igen.</translation>
  </message>
  <message>
   <source>It is not one line with two ends. Draw it again.</source>
   <translation>Det er ikke én linje med to ender. Tegn den igen.</translation>
  </message>
  <message>
   <source>Asking about {name}</source>
   <translation>Spørger om {name}</translation>
  </message>
  <message>
   <source>Residents who gain</source>
   <translation>Beboere med gavn</translation>
  </message>
  <message>
   <source>of them in vulnerable areas</source>
   <translation>heraf i udsatte områder</translation>
  </message>
  <message>
   <source>Residents who lose</source>
   <translation>Beboere der mister</translation>
  </message>
  <message>
   <source>More of all places in reach, mean of residents</source>
   <translation>Flere af alle steder inden for rækkevidde, middel af beboere</translation>
  </message>
  <message>
   <source>Reach lost to barriers, today</source>
   <translation>Rækkevidde tabt til barrierer, i dag</translation>
  </message>
  <message>
   <source>Reach lost to barriers, with it</source>
   <translation>Rækkevidde tabt til barrierer, med forslaget</translation>
  </message>
  <message>
   <source>Of the lost reach it gives back</source>
   <translation>Af den tabte rækkevidde giver det tilbage</translation>
  </message>
  <message>
   <source>The same in vulnerable areas</source>
   <translation>Det samme i udsatte områder</translation>
  </message>
  <message>
   <source>Of what water takes it gives back</source>
   <translation>Af det vand tager giver det tilbage</translation>
  </message>
  <message>
   <source>Gaps to the rest at least halved</source>
   <translation>Forskelle til resten mindst halveret</translation>
  </message>
  <message>
   <source>Compare the proposals</source>
   <translation>Sammenlign forslagene</translation>
  </message>
  <message>
   <source>Open the report</source>
   <translation>Åbn rapporten</translation>
  </message>
  <message>
   <source>Open the folder</source>
   <translation>Åbn mappen</translation>
  </message>
  <message>
   <source>Measure</source>
   <translation>Mål</translation>
  </message>
  <message>
   <source>Measures every number of the profile again with each proposal, and with all of them together.</source>
   <translation>Måler hvert tal i profilen igen med hvert forslag, og med dem alle sammen.</translation>
  </message>
  <message>
   <source>Nothing is drawn yet (step 3).</source>
   <translation>Der er ikke tegnet noget endnu (trin 3).</translation>
  </message>
  <message>
   <source>Comparing the proposals</source>
   <translation>Sammenligner forslagene</translation>
  </message>
  <message>
   <source>Counted are residents of the areas of the study. A dash: not measured, or nothing to close.</source>
   <translation>Talt er beboere i undersøgelsens områder. En streg: ikke målt, eller intet at lukke.</translation>
  </message>
  <message>
   <source>Comparison: {study}</source>
   <translation>Sammenligning: {study}</translation>
  </message>
  <message>
   <source>Notes on what was assumed, in the files: {n}.</source>
   <translation>Noter i filerne om hvad der er antaget: {n}.</translation>
  </message>
  <message>
   <source>Big roads</source>
   <translation>Store veje</translation>
  </message>
  <message>
   <source>Choose a study file</source>
   <translation>Vælg en undersøgelsesfil</translation>
  </message>
  <message>
   <source>Go on: measure the profile</source>
   <translation>Videre: mål profilen</translation>
  </message>
  <message>
   <source>Try it with the sample town</source>
   <translation>Prøv med eksempelbyen</translation>
  </message>
  <message>
   <source>... or make a new one from layers</source>
   <translation>... eller lav en ny ud fra lag</translation>
  </message>
  <message>
   <source>My city</source>
   <translation>Min by</translation>
  </message>
  <message>
   <source>Choose a folder for the study</source>
   <translation>Vælg en mappe til undersøgelsen</translation>
  </message>
  <message>
   <source>Only the selected areas</source>
   <translation>Kun de valgte områder</translation>
  </message>
  <message>
   <source>values that mean it; any without</source>
   <translation>værdier der betyder det; ellers enhver</translation>
  </message>
  <message>
   <source>Leave out areas that reach beyond the streets</source>
   <translation>Udelad områder der rækker ud over gaderne</translation>
  </message>
  <message>
   <source>No timetable: lines of OpenStreetMap at assumed headways</source>
   <translation>Ingen køreplan: linjer fra OpenStreetMap med antagne intervaller</translation>
  </message>
  <message>
   <source>Make the study</source>
   <translation>Lav undersøgelsen</translation>
  </message>
  <message>
   <source>Study</source>
   <translation>Undersøgelse</translation>
  </message>
  <message>
   <source>Lists everything wrong with the inputs: what, where, what to do</source>
   <translation>Opregner alt der er galt med data: hvad, hvor, hvad der skal gøres</translation>
  </message>
  <message>
   <source>Monaco and its neighbours, from OpenStreetMap</source>
   <translation>Monaco og nabobyerne, fra OpenStreetMap</translation>
  </message>
  <message>
   <source>A study names the streets (OpenStreetMap), the housing areas and what else you have.</source>
   <translation>En undersøgelse nævner gaderne (OpenStreetMap), boligområderne og hvad du ellers har.</translation>
  </message>
  <message>
   <source>Open a study</source>
   <translation>Åbn en undersøgelse</translation>
  </message>
  <message>
   <source>OpenStreetMap extract</source>
   <translation>Udtræk af OpenStreetMap</translation>
  </message>
  <message>
   <source>Title</source>
   <translation>Titel</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Mappe</translation>
  </message>
  <message>
   <source>Streets (OSM file)</source>
   <translation>Gader (OSM-fil)</translation>
  </message>
  <message>
   <source>Name of an area</source>
   <translation>Områdets navn</translation>
  </message>
  <message>
   <source>Column of vulnerable areas</source>
   <translation>Kolonne med udsatte områder</translation>
  </message>
  <message>
   <source>Residents (optional)</source>
   <translation>Beboere (valgfrit)</translation>
  </message>
  <message>
   <source>Number of residents</source>
   <translation>Antal beboere</translation>
  </message>
  <message>
   <source>More barriers (optional)</source>
   <translation>Flere barrierer (valgfrit)</translation>
  </message>
  <message>
   <source>Their kind</source>
   <translation>Deres art</translation>
  </message>
  <message>
   <source>Timetables (GTFS, optional)</source>
   <translation>Køreplaner (GTFS, valgfrit)</translation>
  </message>
  <message>
   <source>Copying the sample town</source>
   <translation>Kopierer eksempelbyen</translation>
  </message>
  <message>
   <source>Making the study</source>
   <translation>Laver undersøgelsen</translation>
  </message>
  <message>
   <source>{title}: {areas} areas, {residents} residents, {crs}</source>
   <translation>{title}: {areas} områder, {residents} beboere, {crs}</translation>
  </message>
  <message>
   <source>There is no file {file}.</source>
   <translation>Der er ingen fil {file}.</translation>
  </message>
  <message>
   <source>Still to be filled in: {names}.</source>
   <translation>Mangler at blive udfyldt: {names}.</translation>
  </message>
  <message>
   <source>up to 1 % more places</source>
   <translation>op til 1 % flere steder</translation>
  </message>
  <message>
   <source>1–5 % more</source>
   <translation>1–5 % flere</translation>
  </message>
  <message>
   <source>5–10 % more</source>
   <translation>5–10 % flere</translation>
  </message>
  <message>
   <source>10–25 % more</source>
   <translation>10–25 % flere</translation>
  </message>
  <message>
   <source>over 25 % more</source>
   <translation>over 25 % flere</translation>
  </message>
  <message>
   <source>Homes that gain: {line}</source>
   <translation>Boliger med gavn: {line}</translation>
  </message>
  <message>
   <source>Area id</source>
   <translation>Område-id</translation>
  </message>
  <message>
   <source>Residents</source>
   <translation>Beboere</translation>
  </message>
  <message>
   <source>Places more in reach</source>
   <translation>Flere steder inden for rækkevidde</translation>
  </message>
  <message>
   <source>Places in reach before</source>
   <translation>Steder inden for rækkevidde før</translation>
  </message>
  <message>
   <source>Places in reach after</source>
   <translation>Steder inden for rækkevidde efter</translation>
  </message>
  <message>
   <source>People more in reach</source>
   <translation>Flere mennesker inden for rækkevidde</translation>
  </message>
  <message>
   <source>People in reach before</source>
   <translation>Mennesker inden for rækkevidde før</translation>
  </message>
  <message>
   <source>People in reach after</source>
   <translation>Mennesker inden for rækkevidde efter</translation>
  </message>
  <message>
   <source>{file} cannot be opened as a layer.</source>
   <translation>{file} kan ikke åbnes som lag.</translation>
  </message>
  <message>
   <source>Connections found: {n}. They are on the map; draw along one to see who gains.</source>
   <translation>Fundne forbindelser: {n}. De er på kortet; tegn langs en for at se hvem der får gavn.</translation>
  </message>
  <message>
   <source>Where would a connection pay most?</source>
   <translation>Hvor ville en forbindelse gavne mest?</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Fortryd</translation>
  </message>
  <message>
   <source>Remove</source>
   <translation>Fjern</translation>
  </message>
  <message>
   <source>Save</source>
   <translation>Gem</translation>
  </message>
  <message>
   <source>Go on: compare all proposals</source>
   <translation>Videre: sammenlign alle forslag</translation>
  </message>
  <message>
   <source>Click from street to street. Right-click or Enter ends the line, Backspace takes back a corner.</source>
   <translation>Klik fra gade til gade. Højreklik eller Enter afslutter linjen, Tilbage-tasten fjerner et knæk.</translation>
  </message>
  <message>
   <source>Choose what to build, then click on the map from street to street.</source>
   <translation>Vælg hvad der skal bygges, og klik så på kortet fra gade til gade.</translation>
  </message>
  <message>
   <source>Ranks every place where the way round is long; takes minutes in a large city</source>
   <translation>Rangordner alle steder hvor omvejen er lang; tager minutter i en stor by</translation>
  </message>
  <message>
   <source>Drawn</source>
   <translation>Tegnet</translation>
  </message>
  <message>
   <source>Minutes saved</source>
   <translation>Minutter sparet</translation>
  </message>
  <message>
   <source>Takes back the last line or change</source>
   <translation>Tager den sidste linje eller ændring tilbage</translation>
  </message>
  <message>
   <source>Takes the chosen line away</source>
   <translation>Fjerner den valgte linje</translation>
  </message>
  <message>
   <source>Writes the lines to proposals.gpkg beside the study</source>
   <translation>Skriver linjerne til proposals.gpkg ved siden af undersøgelsen</translation>
  </message>
  <message>
   <source>Choose a study first (step 1).</source>
   <translation>Vælg først en undersøgelse (trin 1).</translation>
  </message>
  <message>
   <source>Looking for connections</source>
   <translation>Leder efter forbindelser</translation>
  </message>
  <message>
   <source>Possible connections: {study}</source>
   <translation>Mulige forbindelser: {study}</translation>
  </message>
  <message>
   <source>There is nothing to take back since the last saving.</source>
   <translation>Der er intet at fortryde siden der sidst blev gemt.</translation>
  </message>
  <message>
   <source>Crossing</source>
   <translation>Overgang</translation>
  </message>
  <message>
   <source>see below</source>
   <translation>se nedenfor</translation>
  </message>
  <message>
   <source>{m} m so far; right-click or Enter ends the line.</source>
   <translation>{m} m indtil nu; højreklik eller Enter afslutter linjen.</translation>
  </message>
  <message>
   <source>Click a row to see the place on the map</source>
   <translation>Klik på en række for at se stedet på kortet</translation>
  </message>
  <message>
   <source>Nothing is wrong with the data.</source>
   <translation>Der er intet galt med data.</translation>
  </message>
  <message>
   <source>What is wrong</source>
   <translation>Hvad er galt</translation>
  </message>
  <message>
   <source>What to do</source>
   <translation>Hvad skal gøres</translation>
  </message>
  <message>
   <source>Checking the data</source>
   <translation>Tjekker data</translation>
  </message>
  <message>
   <source>Must be mended before the study can be measured: {errors}. Worth knowing: {others}.</source>
   <translation>Skal rettes før undersøgelsen kan måles: {errors}. Værd at vide: {others}.</translation>
  </message>
  <message>
   <source>The study can be measured. Worth knowing: {n}.</source>
   <translation>Undersøgelsen kan måles. Værd at vide: {n}.</translation>
  </message>
  <message>
   <source>Writing layers beside the study</source>
   <translation>Skriver lag ved siden af undersøgelsen</translation>
  </message>
  <message>
   <source>Cancelled. Nothing was changed.</source>
   <translation>Afbrudt. Intet er ændret.</translation>
  </message>
  <message>
   <source>The layer {layer} is {file} itself. Choose another folder.</source>
   <translation>Laget {layer} er selv {file}. Vælg en anden mappe.</translation>
  </message>
  <message>
   <source>{folder} cannot be written: {why}</source>
   <translation>{folder} kan ikke skrives: {why}</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Luk</translation>
  </message>
  <message>
   <source>no way</source>
   <translation>ingen vej</translation>
  </message>
  <message>
   <source>Measure the profile</source>
   <translation>Mål profilen</translation>
  </message>
  <message>
   <source>Show earlier results</source>
   <translation>Vis tidligere resultater</translation>
  </message>
  <message>
   <source>Go on: draw a connection</source>
   <translation>Videre: tegn en forbindelse</translation>
  </message>
  <message>
   <source>Most cut-off areas</source>
   <translation>Mest afskårne områder</translation>
  </message>
  <message>
   <source>Of the last time this study was measured</source>
   <translation>Fra sidste gang undersøgelsen blev målt</translation>
  </message>
  <message>
   <source>Lost</source>
   <translation>Tabt</translation>
  </message>
  <message>
   <source>Taken by</source>
   <translation>Taget af</translation>
  </message>
  <message>
   <source>How cut off is each housing area, and by which railway, road or closed land?</source>
   <translation>Hvor afskåret er hvert boligområde, og af hvilken jernbane, vej eller hvilket lukket areal?</translation>
  </message>
  <message>
   <source>Measuring the profile</source>
   <translation>Måler profilen</translation>
  </message>
  <message>
   <source>Profile: {study}</source>
   <translation>Profil: {study}</translation>
  </message>
  <message>
   <source>{n} areas measured. {label}, largest first. Click a row to see the area.</source>
   <translation>{n} områder målt. {label}, størst først. Klik på en række for at se området.</translation>
  </message>
  <message>
   <source>{file} holds no layers.</source>
   <translation>{file} indeholder ingen lag.</translation>
  </message>
  <message>
   <source>Measured. Read in the report first what was assumed or is missing (notes: {n}).</source>
   <translation>Målt. Læs først i rapporten hvad der er antaget eller mangler (noter: {n}).</translation>
  </message>
  <message>
   <source>Another study was chosen.</source>
   <translation>En anden undersøgelse blev valgt.</translation>
  </message>
  <message>
   <source>Getting the study ready</source>
   <translation>Gør undersøgelsen klar</translation>
  </message>
  <message>
   <source>... and {n} more.</source>
   <translation>... og {n} til.</translation>
  </message>
  <message>
   <source>under 50 dB</source>
   <translation>under 50 dB</translation>
  </message>
  <message>
   <source>75 dB or more</source>
   <translation>75 dB eller mere</translation>
  </message>
  <message>
   <source>reaches less</source>
   <translation>når mindre</translation>
  </message>
  <message>
   <source>up to 0.5 % of all places more</source>
   <translation>op til 0,5 % af alle steder mere</translation>
  </message>
  <message>
   <source>0.5 to 2 % more</source>
   <translation>0,5 til 2 % mere</translation>
  </message>
  <message>
   <source>2 to 5 % more</source>
   <translation>2 til 5 % mere</translation>
  </message>
  <message>
   <source>over 5 % more</source>
   <translation>over 5 % mere</translation>
  </message>
  <message>
   <source>loses over 5 % less to barriers</source>
   <translation>taber over 5 % mindre til barrierer</translation>
  </message>
  <message>
   <source>2 to 5 % less</source>
   <translation>2 til 5 % mindre</translation>
  </message>
  <message>
   <source>0.5 to 2 % less</source>
   <translation>0,5 til 2 % mindre</translation>
  </message>
  <message>
   <source>about as before</source>
   <translation>omtrent som før</translation>
  </message>
  <message>
   <source>more than before</source>
   <translation>mere end før</translation>
  </message>
  <message>
   <source>Must be mended</source>
   <translation>Skal rettes</translation>
  </message>
  <message>
   <source>Worth knowing</source>
   <translation>Værd at vide</translation>
  </message>
  <message>
   <source>within {n} minutes</source>
   <translation>inden for {n} minutter</translation>
  </message>
  <message>
   <source>Your files are as they were. It starts again with the next thing you ask.</source>
   <translation>Dine filer er som de var. Den starter igen ved det næste du beder om.</translation>
  </message>
  <message>
   <source>The engine started but did not answer. Try again, or set it up anew on the set-up page.</source>
   <translation>Motoren startede, men svarede ikke. Prøv igen, eller sæt den op på ny på opsætningssiden.</translation>
  </message>
  <message>
   <source>The engine could not start: {why}. Set it up anew on the set-up page.</source>
   <translation>Motoren kunne ikke starte: {why}. Sæt den op på ny på opsætningssiden.</translation>
  </message>
  <message>
   <source>The engine crashed or was ended from outside; the computer may have run out of memory.</source>
   <translation>Motoren gik ned eller blev standset udefra; computeren kan være løbet tør for hukommelse.</translation>
  </message>
  <message>
   <source>The engine had to be started anew to stop other work. Please ask again.</source>
   <translation>Motoren måtte startes på ny for at standse andet arbejde. Bed om det igen.</translation>
  </message>
  <message>
   <source>The engine was stopped.</source>
   <translation>Motoren blev standset.</translation>
  </message>
  <message>
   <source>The engine ended by itself (code {code}).</source>
   <translation>Motoren sluttede af sig selv (kode {code}).</translation>
  </message>
  <message>
   <source>it said nothing</source>
   <translation>den sagde intet</translation>
  </message>
  <message>
   <source>Remedy</source>
   <translation>Løsning</translation>
  </message>
  <message>
   <source>The layer {layer} cannot be handed to the engine: {why}</source>
   <translation>Laget {layer} kan ikke gives til motoren: {why}</translation>
  </message>
  <message>
   <source>Barriers</source>
   <translation>Barrierer</translation>
  </message>
  <message>
   <source>Crossings</source>
   <translation>Krydsninger</translation>
  </message>
  <message>
   <source>Ways out of the areas</source>
   <translation>Veje ud af områderne</translation>
  </message>
  <message>
   <source>Within reach</source>
   <translation>Inden for rækkevidde</translation>
  </message>
  <message>
   <source>Road noise, the whole day (Lden, estimated)</source>
   <translation>Vejstøj, hele døgnet (Lden, anslået)</translation>
  </message>
  <message>
   <source>Public transport lines</source>
   <translation>Linjer i kollektiv trafik</translation>
  </message>
  <message>
   <source>Homes that gain from a connection</source>
   <translation>Boliger med gavn af en forbindelse</translation>
  </message>
  <message>
   <source>Possible connections</source>
   <translation>Mulige forbindelser</translation>
  </message>
  <message>
   <source>Road noise at night (Lnight, estimated)</source>
   <translation>Vejstøj om natten (Lnight, anslået)</translation>
  </message>
  <message>
   <source>Noise at homes</source>
   <translation>Støj ved boliger</translation>
  </message>
  <message>
   <source>Proposed crossings</source>
   <translation>Foreslåede overgange</translation>
  </message>
  <message>
   <source>Homes</source>
   <translation>Boliger</translation>
  </message>
  <message>
   <source>Detour across the barriers</source>
   <translation>Omvej over barriererne</translation>
  </message>
  <message>
   <source>Stops</source>
   <translation>Stoppesteder</translation>
  </message>
  <message>
   <source>Streets</source>
   <translation>Gader</translation>
  </message>
  <message>
   <source>Points that could not be used</source>
   <translation>Punkter der ikke kunne bruges</translation>
  </message>
  <message>
   <source>Install Python from python.org (no administrator needed), and try again.</source>
   <translation>Installér Python fra python.org (kræver ikke administrator), og prøv igen.</translation>
  </message>
  <message>
   <source>check the proxy in Settings &gt; Options &gt; Network, or use a folder of wheels</source>
   <translation>tjek proxyen i Indstillinger &gt; Valgmuligheder &gt; Netværk, eller brug en mappe med wheels</translation>
  </message>
  <message>
   <source>Looking for Python</source>
   <translation>Leder efter Python</translation>
  </message>
  <message>
   <source>No Python {oldest} or later was found.</source>
   <translation>Der blev ikke fundet Python {oldest} eller nyere.</translation>
  </message>
  <message>
   <source>Install python3 and python3-venv with your system's packages, and try again.</source>
   <translation>Installér python3 og python3-venv med systemets pakker, og prøv igen.</translation>
  </message>
  <message>
   <source>The folder must hold wheels of bykobling and of all it needs, for this Python.</source>
   <translation>Mappen skal indeholde wheels af bykobling og alt hvad den bruger, til denne Python.</translation>
  </message>
  <message>
   <source>Making the environment</source>
   <translation>Laver miljøet</translation>
  </message>
  <message>
   <source>Installing the library</source>
   <translation>Installerer biblioteket</translation>
  </message>
  <message>
   <source>Trying it out</source>
   <translation>Prøver det af</translation>
  </message>
  <message>
   <source>Ready</source>
   <translation>Klar</translation>
  </message>
  <message>
   <source>Found: {list}.</source>
   <translation>Fundet: {list}.</translation>
  </message>
  <message>
   <source>The internet cannot be reached: {check}.</source>
   <translation>Internettet kan ikke nås: {check}.</translation>
  </message>
  <message>
   <source>There are no wheels (files ending in .whl) in {folder}.</source>
   <translation>Der er ingen wheels (filer der ender på .whl) i {folder}.</translation>
  </message>
  <message>
   <source>{python}: it has no venv</source>
   <translation>{python}: den har ikke venv</translation>
  </message>
  <message>
   <source>{python}: version {version}</source>
   <translation>{python}: version {version}</translation>
  </message>
  <message>
   <source>{folder} is in use and cannot be made anew. Restart QGIS, and try again.</source>
   <translation>{folder} er i brug og kan ikke laves på ny. Genstart QGIS, og prøv igen.</translation>
  </message>
  <message>
   <source>Connections and barriers</source>
   <translation>Forbindelser og barrierer</translation>
  </message>
  <message>
   <source>How cut off is a housing area, and what would reconnect it?</source>
   <translation>Hvor afskåret er et boligområde, og hvad ville forbinde det igen?</translation>
  </message>
  <message>
   <source>There is no layer of proposals. Choose a study first.</source>
   <translation>Der er intet lag med forslag. Vælg først en undersøgelse.</translation>
  </message>
  <message>
   <source>The line could not be added to the layer of proposals.</source>
   <translation>Linjen kunne ikke føjes til laget med forslag.</translation>
  </message>
  <message>
   <source>Take a line away</source>
   <translation>Fjern en linje</translation>
  </message>
  <message>
   <source>Change the kind</source>
   <translation>Skift art</translation>
  </message>
  <message>
   <source>The proposals could not be saved to {file}: {why}</source>
   <translation>Forslagene kunne ikke gemmes i {file}: {why}</translation>
  </message>
  <message>
   <source>{file} cannot be written: {why}</source>
   <translation>{file} kan ikke skrives: {why}</translation>
  </message>
  <message>
   <source>{file} has no column {names}, so it is not a layer of proposals. Rename it, and draw again.</source>
   <translation>{file} har ingen kolonne {names}, så det er ikke et lag med forslag. Omdøb den, og tegn igen.</translation>
  </message>
  <message>
   <source>The layer of proposals cannot be edited: {file} is read-only.</source>
   <translation>Laget med forslag kan ikke redigeres: {file} er skrivebeskyttet.</translation>
  </message>
  <message>
   <source>Draw {name}</source>
   <translation>Tegn {name}</translation>
  </message>
  <message>
   <source>{file} cannot be opened as a layer. Rename it, and draw again.</source>
   <translation>{file} kan ikke åbnes som lag. Omdøb den, og tegn igen.</translation>
  </message>
  <message>
   <source>Crossing with refuge island</source>
   <translation>Overgang med midterhelle</translation>
  </message>
  <message>
   <source>Street taken away</source>
   <translation>Nedlagt gade</translation>
  </message>
  <message>
   <source>Another speed</source>
   <translation>Anden hastighed</translation>
  </message>
  <message>
   <source>Proposal (lines of one name belong together)</source>
   <translation>Forslag (linjer med samme navn hører sammen)</translation>
  </message>
  <message>
   <source>Kind</source>
   <translation>Art</translation>
  </message>
  <message>
   <source>Name</source>
   <translation>Navn</translation>
  </message>
  <message>
   <source>Who may use it</source>
   <translation>Hvem må bruge den</translation>
  </message>
  <message>
   <source>Width (m)</source>
   <translation>Bredde (m)</translation>
  </message>
  <message>
   <source>Waiting time (s)</source>
   <translation>Ventetid (s)</translation>
  </message>
  <message>
   <source>Slope (%)</source>
   <translation>Hældning (%)</translation>
  </message>
  <message>
   <source>On foot and by bicycle</source>
   <translation>Til fods og på cykel</translation>
  </message>
  <message>
   <source>On foot</source>
   <translation>Til fods</translation>
  </message>
  <message>
   <source>By bicycle</source>
   <translation>På cykel</translation>
  </message>
  <message>
   <source>Set it up for me</source>
   <translation>Sæt den op for mig</translation>
  </message>
  <message>
   <source>Choose the bykobling command, or the Python it is installed in</source>
   <translation>Vælg kommandoen bykobling, eller den Python den er installeret i</translation>
  </message>
  <message>
   <source>Use this one</source>
   <translation>Brug denne</translation>
  </message>
  <message>
   <source>Choose the folder of wheels</source>
   <translation>Vælg mappen med wheels</translation>
  </message>
  <message>
   <source>Set it up from this folder</source>
   <translation>Sæt den op fra denne mappe</translation>
  </message>
  <message>
   <source>Show what is happening</source>
   <translation>Vis hvad der sker</translation>
  </message>
  <message>
   <source>Back</source>
   <translation>Tilbage</translation>
  </message>
  <message>
   <source>Try to start it again</source>
   <translation>Prøv at starte den igen</translation>
  </message>
  <message>
   <source>Setting up the engine</source>
   <translation>Opsætning af motoren</translation>
  </message>
  <message>
   <source>Starting the engine ...</source>
   <translation>Starter motoren ...</translation>
  </message>
  <message>
   <source>Needs the internet once</source>
   <translation>Kræver internettet én gang</translation>
  </message>
  <message>
   <source>bykobling measures in a program of its own, outside QGIS, so that nothing in QGIS changes and a long measurement never blocks the map. It has to be set up once.</source>
   <translation>bykobling måler i sit eget program uden for QGIS, så intet i QGIS ændres, og en lang måling aldrig låser kortet. Det skal sættes op én gang.</translation>
  </message>
  <message>
   <source>With the internet</source>
   <translation>Med internet</translation>
  </message>
  <message>
   <source>Makes a Python environment in your QGIS profile and installs the library into it.</source>
   <translation>Laver et Python-miljø i din QGIS-profil og installerer biblioteket i det.</translation>
  </message>
  <message>
   <source>Already installed</source>
   <translation>Allerede installeret</translation>
  </message>
  <message>
   <source>The command bykobling, the Python it is installed in, or the folder of its environment.</source>
   <translation>Kommandoen bykobling, den Python den er installeret i, eller mappen med dens miljø.</translation>
  </message>
  <message>
   <source>Without the internet</source>
   <translation>Uden internet</translation>
  </message>
  <message>
   <source>A folder of wheels from your IT department or a colleague; nothing is downloaded.</source>
   <translation>En mappe med wheels fra din it-afdeling eller en kollega; intet hentes.</translation>
  </message>
  <message>
   <source>The engine is running. Here you can choose another one.</source>
   <translation>Motoren kører. Her kan du vælge en anden.</translation>
  </message>
  <message>
   <source>Cancelled. Nothing was installed.</source>
   <translation>Afbrudt. Intet er installeret.</translation>
  </message>
  <message>
   <source>There is no engine yet. Choose one of the three ways.</source>
   <translation>Der er ingen motor endnu. Vælg en af de tre veje.</translation>
  </message>
  <message>
   <source>The engine (version {engine}) is newer than this plug-in ({plugin}). Update the plug-in.</source>
   <translation>Motoren (version {engine}) er nyere end dette plug-in ({plugin}). Opdater plug-in’et.</translation>
  </message>
  <message>
   <source>The engine (version {engine}) is older than this plug-in ({plugin}). Update the engine.</source>
   <translation>Motoren (version {engine}) er ældre end dette plug-in ({plugin}). Opdater motoren.</translation>
  </message>
 </context>
</TS>
