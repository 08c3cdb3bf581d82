/** Written by tools/windows-zones.ts from the windows-iana package (Unicode CLDR); not edited by hand. */

/** A Windows zone a line: its name, its IANA zone, that of each region, and the IANA zones that it stands for. */
export const WINDOWS_ZONES = `
Dateline Standard Time|Etc/GMT+12|001=Etc/GMT+12,ZZ=Etc/GMT+12|Etc/GMT+12
UTC-11|Etc/GMT+11|001=Etc/GMT+11,AS=Pacific/Pago_Pago,NU=Pacific/Niue,UM=Pacific/Midway,ZZ=Etc/GMT+11|Pacific/Pago_Pago,Pacific/Samoa,US/Samoa,Pacific/Niue,Pacific/Midway,Etc/GMT+11
Aleutian Standard Time|America/Adak|001=America/Adak,US=America/Adak|America/Adak,America/Atka,US/Aleutian
Hawaiian Standard Time|Pacific/Honolulu|001=Pacific/Honolulu,CK=Pacific/Rarotonga,PF=Pacific/Tahiti,UM=Pacific/Johnston,US=Pacific/Honolulu,ZZ=Etc/GMT+10|Pacific/Rarotonga,Pacific/Tahiti,Pacific/Johnston,Pacific/Honolulu,US/Hawaii,Etc/GMT+10,HST
Marquesas Standard Time|Pacific/Marquesas|001=Pacific/Marquesas,PF=Pacific/Marquesas|Pacific/Marquesas
Alaskan Standard Time|America/Anchorage|001=America/Anchorage,US=America/Anchorage|America/Anchorage,US/Alaska,America/Juneau,America/Metlakatla,America/Nome,America/Sitka,America/Yakutat
UTC-09|Etc/GMT+9|001=Etc/GMT+9,PF=Pacific/Gambier,ZZ=Etc/GMT+9|Pacific/Gambier,Etc/GMT+9
Pacific Standard Time (Mexico)|America/Tijuana|001=America/Tijuana,MX=America/Tijuana|America/Santa_Isabel,America/Tijuana,America/Ensenada,Mexico/BajaNorte
UTC-08|Etc/GMT+8|001=Etc/GMT+8,PN=Pacific/Pitcairn,ZZ=Etc/GMT+8|Pacific/Pitcairn,Etc/GMT+8
Pacific Standard Time|America/Los_Angeles|001=America/Los_Angeles,CA=America/Vancouver,US=America/Los_Angeles,ZZ=PST8PDT|America/Vancouver,Canada/Pacific,PST8PDT,America/Los_Angeles,US/Pacific,US/Pacific-New
US Mountain Standard Time|America/Phoenix|001=America/Phoenix,CA=America/Creston,MX=America/Hermosillo,US=America/Phoenix,ZZ=Etc/GMT+7|America/Creston,America/Fort_Nelson,America/Dawson_Creek,America/Hermosillo,America/Phoenix,US/Arizona,Etc/GMT+7,MST
Mountain Standard Time (Mexico)|America/Chihuahua|001=America/Chihuahua,MX=America/Chihuahua|America/Chihuahua,America/Mazatlan,Mexico/BajaSur
Mountain Standard Time|America/Denver|001=America/Denver,CA=America/Edmonton,MX=America/Ojinaga,US=America/Denver,ZZ=MST7MDT|America/Edmonton,Canada/Mountain,America/Cambridge_Bay,America/Inuvik,America/Yellowknife,MST7MDT,America/Ojinaga,America/Boise,America/Denver,America/Shiprock,Navajo,US/Mountain
Yukon Standard Time|America/Whitehorse|001=America/Whitehorse,CA=America/Whitehorse|America/Dawson,America/Whitehorse,Canada/Yukon
Central America Standard Time|America/Guatemala|001=America/Guatemala,BZ=America/Belize,CR=America/Costa_Rica,EC=Pacific/Galapagos,GT=America/Guatemala,HN=America/Tegucigalpa,NI=America/Managua,SV=America/El_Salvador,ZZ=Etc/GMT+6|America/Belize,America/Costa_Rica,Pacific/Galapagos,America/Guatemala,America/Tegucigalpa,America/Managua,America/El_Salvador,Etc/GMT+6
Central Standard Time|America/Chicago|001=America/Chicago,CA=America/Winnipeg,MX=America/Matamoros,US=America/Chicago,ZZ=CST6CDT|America/Rainy_River,America/Resolute,America/Winnipeg,Canada/Central,America/Rankin_Inlet,CST6CDT,America/Matamoros,America/Chicago,US/Central,America/Indiana/Knox,America/Knox_IN,US/Indiana-Starke,America/Menominee,America/North_Dakota/Center,America/North_Dakota/New_Salem,America/Indiana/Tell_City,America/North_Dakota/Beulah
Easter Island Standard Time|Pacific/Easter|001=Pacific/Easter,CL=Pacific/Easter|Pacific/Easter,Chile/EasterIsland
Central Standard Time (Mexico)|America/Mexico_City|001=America/Mexico_City,MX=America/Mexico_City|America/Mexico_City,Mexico/General,America/Merida,America/Monterrey,America/Bahia_Banderas
Canada Central Standard Time|America/Regina|001=America/Regina,CA=America/Regina|America/Regina,Canada/East-Saskatchewan,Canada/Saskatchewan,America/Swift_Current
SA Pacific Standard Time|America/Bogota|001=America/Bogota,BR=America/Rio_Branco,CA=America/Coral_Harbour,CO=America/Bogota,EC=America/Guayaquil,JM=America/Jamaica,KY=America/Cayman,PA=America/Panama,PE=America/Lima,ZZ=Etc/GMT+5|America/Eirunepe,America/Rio_Branco,America/Porto_Acre,Brazil/Acre,America/Coral_Harbour,America/Atikokan,America/Bogota,America/Guayaquil,America/Jamaica,Jamaica,America/Cayman,America/Panama,America/Lima,Etc/GMT+5,EST
Eastern Standard Time (Mexico)|America/Cancun|001=America/Cancun,MX=America/Cancun|America/Cancun
Eastern Standard Time|America/New_York|001=America/New_York,BS=America/Nassau,CA=America/Toronto,US=America/New_York,ZZ=EST5EDT|America/Nassau,America/Iqaluit,America/Pangnirtung,America/Nipigon,America/Thunder_Bay,America/Toronto,Canada/Eastern,EST5EDT,America/Detroit,US/Michigan,America/Louisville,America/Kentucky/Louisville,America/Kentucky/Monticello,America/New_York,US/Eastern,America/Indiana/Vincennes,America/Indiana/Winamac,America/Indiana/Petersburg
Haiti Standard Time|America/Port-au-Prince|001=America/Port-au-Prince,HT=America/Port-au-Prince|America/Port-au-Prince
Cuba Standard Time|America/Havana|001=America/Havana,CU=America/Havana|America/Havana,Cuba
US Eastern Standard Time|America/Indianapolis|001=America/Indianapolis,US=America/Indianapolis|America/Indiana/Marengo,America/Indianapolis,America/Fort_Wayne,America/Indiana/Indianapolis,US/East-Indiana,America/Indiana/Vevay
Turks And Caicos Standard Time|America/Grand_Turk|001=America/Grand_Turk,TC=America/Grand_Turk|America/Grand_Turk
Paraguay Standard Time|America/Asuncion|001=America/Asuncion,PY=America/Asuncion|America/Asuncion
Atlantic Standard Time|America/Halifax|001=America/Halifax,BM=Atlantic/Bermuda,CA=America/Halifax,GL=America/Thule|Atlantic/Bermuda,America/Glace_Bay,America/Goose_Bay,America/Halifax,Canada/Atlantic,America/Moncton,America/Thule
Venezuela Standard Time|America/Caracas|001=America/Caracas,VE=America/Caracas|America/Caracas
Central Brazilian Standard Time|America/Cuiaba|001=America/Cuiaba,BR=America/Cuiaba|America/Cuiaba,America/Campo_Grande
SA Western Standard Time|America/La_Paz|001=America/La_Paz,AG=America/Antigua,AI=America/Anguilla,AW=America/Aruba,BB=America/Barbados,BL=America/St_Barthelemy,BO=America/La_Paz,BQ=America/Kralendijk,BR=America/Manaus,CA=America/Blanc-Sablon,CW=America/Curacao,DM=America/Dominica,DO=America/Santo_Domingo,GD=America/Grenada,GP=America/Guadeloupe,GY=America/Guyana,KN=America/St_Kitts,LC=America/St_Lucia,MF=America/Marigot,MQ=America/Martinique,MS=America/Montserrat,PR=America/Puerto_Rico,SX=America/Lower_Princes,TT=America/Port_of_Spain,VC=America/St_Vincent,VG=America/Tortola,VI=America/St_Thomas,ZZ=Etc/GMT+4|America/Antigua,America/Anguilla,America/Curacao,America/Aruba,America/Barbados,America/La_Paz,America/Kralendijk,America/Boa_Vista,America/Manaus,Brazil/West,America/Porto_Velho,America/Blanc-Sablon,America/Dominica,America/Santo_Domingo,America/Grenada,America/Guadeloupe,America/Marigot,America/St_Barthelemy,America/Guyana,America/St_Kitts,America/St_Lucia,America/Martinique,America/Montserrat,America/Puerto_Rico,America/Lower_Princes,America/Port_of_Spain,Etc/GMT+4,America/St_Vincent,America/Tortola,America/St_Thomas,America/Virgin
Pacific SA Standard Time|America/Santiago|001=America/Santiago,CL=America/Santiago|America/Santiago,Chile/Continental
Newfoundland Standard Time|America/St_Johns|001=America/St_Johns,CA=America/St_Johns|America/St_Johns,Canada/Newfoundland
Tocantins Standard Time|America/Araguaina|001=America/Araguaina,BR=America/Araguaina|America/Araguaina
E. South America Standard Time|America/Sao_Paulo|001=America/Sao_Paulo,BR=America/Sao_Paulo|America/Sao_Paulo,Brazil/East
SA Eastern Standard Time|America/Cayenne|001=America/Cayenne,AQ=Antarctica/Rothera,BR=America/Fortaleza,FK=Atlantic/Stanley,GF=America/Cayenne,SR=America/Paramaribo,ZZ=Etc/GMT+3|Antarctica/Palmer,Antarctica/Rothera,America/Belem,America/Fortaleza,America/Maceio,America/Recife,America/Santarem,Atlantic/Stanley,America/Cayenne,America/Paramaribo,Etc/GMT+3
Argentina Standard Time|America/Buenos_Aires|001=America/Buenos_Aires,AR=America/Buenos_Aires|America/Buenos_Aires,America/Argentina/Buenos_Aires,America/Cordoba,America/Argentina/Cordoba,America/Rosario,America/Catamarca,America/Argentina/Catamarca,America/Argentina/ComodRivadavia,America/Argentina/La_Rioja,America/Jujuy,America/Argentina/Jujuy,America/Argentina/San_Luis,America/Mendoza,America/Argentina/Mendoza,America/Argentina/Rio_Gallegos,America/Argentina/Salta,America/Argentina/Tucuman,America/Argentina/San_Juan,America/Argentina/Ushuaia
Greenland Standard Time|America/Godthab|001=America/Godthab,GL=America/Godthab|America/Godthab,America/Nuuk
Montevideo Standard Time|America/Montevideo|001=America/Montevideo,UY=America/Montevideo|America/Montevideo
Magallanes Standard Time|America/Punta_Arenas|001=America/Punta_Arenas,CL=America/Punta_Arenas|America/Punta_Arenas
Saint Pierre Standard Time|America/Miquelon|001=America/Miquelon,PM=America/Miquelon|America/Miquelon
Bahia Standard Time|America/Bahia|001=America/Bahia,BR=America/Bahia|America/Bahia
UTC-02|Etc/GMT+2|001=Etc/GMT+2,BR=America/Noronha,GS=Atlantic/South_Georgia,ZZ=Etc/GMT+2|America/Noronha,Brazil/DeNoronha,Atlantic/South_Georgia,Etc/GMT+2
Azores Standard Time|Atlantic/Azores|001=Atlantic/Azores,GL=America/Scoresbysund,PT=Atlantic/Azores|America/Scoresbysund,Atlantic/Azores
Cape Verde Standard Time|Atlantic/Cape_Verde|001=Atlantic/Cape_Verde,CV=Atlantic/Cape_Verde,ZZ=Etc/GMT+1|Atlantic/Cape_Verde,Etc/GMT+1
UTC|Etc/UTC|001=Etc/UTC,ZZ=Etc/UTC|Etc/GMT,Etc/GMT+0,Etc/GMT-0,Etc/GMT0,Etc/Greenwich,GMT,GMT+0,GMT-0,GMT0,Greenwich,Etc/UTC,Etc/UCT,Etc/Universal,Etc/Zulu,UCT,UTC,Universal,Zulu
GMT Standard Time|Europe/London|001=Europe/London,ES=Atlantic/Canary,FO=Atlantic/Faeroe,GB=Europe/London,GG=Europe/Guernsey,IE=Europe/Dublin,IM=Europe/Isle_of_Man,JE=Europe/Jersey,PT=Europe/Lisbon|Atlantic/Canary,Atlantic/Faeroe,Atlantic/Faroe,Europe/London,Europe/Belfast,GB,GB-Eire,Europe/Guernsey,Europe/Dublin,Eire,Europe/Isle_of_Man,Europe/Jersey,Atlantic/Madeira,Europe/Lisbon,Portugal
Greenwich Standard Time|Atlantic/Reykjavik|001=Atlantic/Reykjavik,BF=Africa/Ouagadougou,CI=Africa/Abidjan,GH=Africa/Accra,GL=America/Danmarkshavn,GM=Africa/Banjul,GN=Africa/Conakry,GW=Africa/Bissau,IS=Atlantic/Reykjavik,LR=Africa/Monrovia,ML=Africa/Bamako,MR=Africa/Nouakchott,SH=Atlantic/St_Helena,SL=Africa/Freetown,SN=Africa/Dakar,TG=Africa/Lome|Africa/Ouagadougou,Africa/Abidjan,Africa/Accra,America/Danmarkshavn,Africa/Banjul,Africa/Conakry,Africa/Bissau,Atlantic/Reykjavik,Iceland,Africa/Monrovia,Africa/Bamako,Africa/Timbuktu,Africa/Nouakchott,Atlantic/St_Helena,Africa/Freetown,Africa/Dakar,Africa/Lome
Sao Tome Standard Time|Africa/Sao_Tome|001=Africa/Sao_Tome,ST=Africa/Sao_Tome|Africa/Sao_Tome
Morocco Standard Time|Africa/Casablanca|001=Africa/Casablanca,EH=Africa/El_Aaiun,MA=Africa/Casablanca|Africa/El_Aaiun,Africa/Casablanca
W. Europe Standard Time|Europe/Berlin|001=Europe/Berlin,AD=Europe/Andorra,AT=Europe/Vienna,CH=Europe/Zurich,DE=Europe/Berlin,GI=Europe/Gibraltar,IT=Europe/Rome,LI=Europe/Vaduz,LU=Europe/Luxembourg,MC=Europe/Monaco,MT=Europe/Malta,NL=Europe/Amsterdam,NO=Europe/Oslo,SE=Europe/Stockholm,SJ=Arctic/Longyearbyen,SM=Europe/San_Marino,VA=Europe/Vatican|Europe/Andorra,Europe/Vienna,Europe/Zurich,Europe/Berlin,Europe/Busingen,Europe/Gibraltar,Europe/Rome,Europe/Vaduz,Europe/Luxembourg,Europe/Monaco,Europe/Malta,Europe/Amsterdam,Europe/Oslo,Europe/Stockholm,Arctic/Longyearbyen,Atlantic/Jan_Mayen,Europe/San_Marino,Europe/Vatican
Central Europe Standard Time|Europe/Budapest|001=Europe/Budapest,AL=Europe/Tirane,CZ=Europe/Prague,HU=Europe/Budapest,ME=Europe/Podgorica,RS=Europe/Belgrade,SI=Europe/Ljubljana,SK=Europe/Bratislava|Europe/Tirane,Europe/Prague,Europe/Budapest,Europe/Podgorica,Europe/Belgrade,Europe/Ljubljana,Europe/Bratislava
Romance Standard Time|Europe/Paris|001=Europe/Paris,BE=Europe/Brussels,DK=Europe/Copenhagen,ES=Europe/Madrid,FR=Europe/Paris|Europe/Brussels,Europe/Copenhagen,Africa/Ceuta,Europe/Madrid,Europe/Paris
Central European Standard Time|Europe/Warsaw|001=Europe/Warsaw,BA=Europe/Sarajevo,HR=Europe/Zagreb,MK=Europe/Skopje,PL=Europe/Warsaw|Europe/Sarajevo,Europe/Zagreb,Europe/Skopje,Europe/Warsaw,Poland
W. Central Africa Standard Time|Africa/Lagos|001=Africa/Lagos,AO=Africa/Luanda,BJ=Africa/Porto-Novo,CD=Africa/Kinshasa,CF=Africa/Bangui,CG=Africa/Brazzaville,CM=Africa/Douala,DZ=Africa/Algiers,GA=Africa/Libreville,GQ=Africa/Malabo,NE=Africa/Niamey,NG=Africa/Lagos,TD=Africa/Ndjamena,TN=Africa/Tunis,ZZ=Etc/GMT-1|Africa/Luanda,Africa/Porto-Novo,Africa/Kinshasa,Africa/Bangui,Africa/Brazzaville,Africa/Douala,Africa/Algiers,Africa/Libreville,Africa/Malabo,Africa/Niamey,Africa/Lagos,Africa/Ndjamena,Africa/Tunis,Etc/GMT-1
Jordan Standard Time|Asia/Amman|001=Asia/Amman,JO=Asia/Amman|Asia/Amman
GTB Standard Time|Europe/Bucharest|001=Europe/Bucharest,CY=Asia/Nicosia,GR=Europe/Athens,RO=Europe/Bucharest|Asia/Famagusta,Asia/Nicosia,Europe/Nicosia,Europe/Athens,Europe/Bucharest
Middle East Standard Time|Asia/Beirut|001=Asia/Beirut,LB=Asia/Beirut|Asia/Beirut
Egypt Standard Time|Africa/Cairo|001=Africa/Cairo,EG=Africa/Cairo|Africa/Cairo,Egypt
E. Europe Standard Time|Europe/Chisinau|001=Europe/Chisinau,MD=Europe/Chisinau|Europe/Chisinau,Europe/Tiraspol
Syria Standard Time|Asia/Damascus|001=Asia/Damascus,SY=Asia/Damascus|Asia/Damascus
West Bank Standard Time|Asia/Hebron|001=Asia/Hebron,PS=Asia/Hebron|Asia/Gaza,Asia/Hebron
South Africa Standard Time|Africa/Johannesburg|001=Africa/Johannesburg,BI=Africa/Bujumbura,BW=Africa/Gaborone,CD=Africa/Lubumbashi,LS=Africa/Maseru,MW=Africa/Blantyre,MZ=Africa/Maputo,RW=Africa/Kigali,SZ=Africa/Mbabane,ZA=Africa/Johannesburg,ZM=Africa/Lusaka,ZW=Africa/Harare,ZZ=Etc/GMT-2|Africa/Bujumbura,Africa/Gaborone,Africa/Lubumbashi,Africa/Maseru,Africa/Blantyre,Africa/Maputo,Africa/Kigali,Africa/Mbabane,Etc/GMT-2,Africa/Johannesburg,Africa/Lusaka,Africa/Harare
FLE Standard Time|Europe/Kiev|001=Europe/Kiev,AX=Europe/Mariehamn,BG=Europe/Sofia,EE=Europe/Tallinn,FI=Europe/Helsinki,LT=Europe/Vilnius,LV=Europe/Riga,UA=Europe/Kiev|Europe/Sofia,Europe/Tallinn,Europe/Helsinki,Europe/Mariehamn,Europe/Vilnius,Europe/Riga,Europe/Kiev,Europe/Zaporozhye,Europe/Uzhgorod
Israel Standard Time|Asia/Jerusalem|001=Asia/Jerusalem,IL=Asia/Jerusalem|Asia/Jerusalem,Asia/Tel_Aviv,Israel
South Sudan Standard Time|Africa/Juba|001=Africa/Juba,SS=Africa/Juba|Africa/Juba
Kaliningrad Standard Time|Europe/Kaliningrad|001=Europe/Kaliningrad,RU=Europe/Kaliningrad|Europe/Kaliningrad
Sudan Standard Time|Africa/Khartoum|001=Africa/Khartoum,SD=Africa/Khartoum|Africa/Khartoum
Libya Standard Time|Africa/Tripoli|001=Africa/Tripoli,LY=Africa/Tripoli|Africa/Tripoli,Libya
Namibia Standard Time|Africa/Windhoek|001=Africa/Windhoek,NA=Africa/Windhoek|Africa/Windhoek
Arabic Standard Time|Asia/Baghdad|001=Asia/Baghdad,IQ=Asia/Baghdad|Asia/Baghdad
Turkey Standard Time|Europe/Istanbul|001=Europe/Istanbul,TR=Europe/Istanbul|Europe/Istanbul,Asia/Istanbul,Turkey
Arab Standard Time|Asia/Riyadh|001=Asia/Riyadh,BH=Asia/Bahrain,KW=Asia/Kuwait,QA=Asia/Qatar,SA=Asia/Riyadh,YE=Asia/Aden|Asia/Bahrain,Asia/Kuwait,Asia/Qatar,Asia/Riyadh,Asia/Aden
Belarus Standard Time|Europe/Minsk|001=Europe/Minsk,BY=Europe/Minsk|Europe/Minsk
Russian Standard Time|Europe/Moscow|001=Europe/Moscow,RU=Europe/Moscow,UA=Europe/Simferopol|Europe/Kirov,Europe/Moscow,W-SU,Europe/Simferopol
E. Africa Standard Time|Africa/Nairobi|001=Africa/Nairobi,AQ=Antarctica/Syowa,DJ=Africa/Djibouti,ER=Africa/Asmera,ET=Africa/Addis_Ababa,KE=Africa/Nairobi,KM=Indian/Comoro,MG=Indian/Antananarivo,SO=Africa/Mogadishu,TZ=Africa/Dar_es_Salaam,UG=Africa/Kampala,YT=Indian/Mayotte,ZZ=Etc/GMT-3|Antarctica/Syowa,Africa/Djibouti,Africa/Asmera,Africa/Asmara,Africa/Addis_Ababa,Africa/Nairobi,Indian/Comoro,Indian/Antananarivo,Africa/Mogadishu,Africa/Dar_es_Salaam,Africa/Kampala,Etc/GMT-3,Indian/Mayotte
Iran Standard Time|Asia/Tehran|001=Asia/Tehran,IR=Asia/Tehran|Asia/Tehran,Iran
Arabian Standard Time|Asia/Dubai|001=Asia/Dubai,AE=Asia/Dubai,OM=Asia/Muscat,ZZ=Etc/GMT-4|Asia/Dubai,Asia/Muscat,Etc/GMT-4
Astrakhan Standard Time|Europe/Astrakhan|001=Europe/Astrakhan,RU=Europe/Astrakhan|Europe/Astrakhan,Europe/Ulyanovsk
Azerbaijan Standard Time|Asia/Baku|001=Asia/Baku,AZ=Asia/Baku|Asia/Baku
Russia Time Zone 3|Europe/Samara|001=Europe/Samara,RU=Europe/Samara|Europe/Samara
Mauritius Standard Time|Indian/Mauritius|001=Indian/Mauritius,MU=Indian/Mauritius,RE=Indian/Reunion,SC=Indian/Mahe|Indian/Mauritius,Indian/Reunion,Indian/Mahe
Saratov Standard Time|Europe/Saratov|001=Europe/Saratov,RU=Europe/Saratov|Europe/Saratov
Georgian Standard Time|Asia/Tbilisi|001=Asia/Tbilisi,GE=Asia/Tbilisi|Asia/Tbilisi
Volgograd Standard Time|Europe/Volgograd|001=Europe/Volgograd,RU=Europe/Volgograd|Europe/Volgograd
Caucasus Standard Time|Asia/Yerevan|001=Asia/Yerevan,AM=Asia/Yerevan|Asia/Yerevan
Afghanistan Standard Time|Asia/Kabul|001=Asia/Kabul,AF=Asia/Kabul|Asia/Kabul
West Asia Standard Time|Asia/Tashkent|001=Asia/Tashkent,AQ=Antarctica/Mawson,KZ=Asia/Oral,MV=Indian/Maldives,TF=Indian/Kerguelen,TJ=Asia/Dushanbe,TM=Asia/Ashgabat,UZ=Asia/Tashkent,ZZ=Etc/GMT-5|Antarctica/Mawson,Asia/Aqtau,Asia/Aqtobe,Asia/Atyrau,Asia/Oral,Indian/Maldives,Indian/Kerguelen,Asia/Dushanbe,Asia/Ashgabat,Asia/Ashkhabad,Etc/GMT-5,Asia/Samarkand,Asia/Tashkent
Ekaterinburg Standard Time|Asia/Yekaterinburg|001=Asia/Yekaterinburg,RU=Asia/Yekaterinburg|Asia/Yekaterinburg
Pakistan Standard Time|Asia/Karachi|001=Asia/Karachi,PK=Asia/Karachi|Asia/Karachi
Qyzylorda Standard Time|Asia/Qyzylorda|001=Asia/Qyzylorda,KZ=Asia/Qyzylorda|Asia/Qyzylorda
India Standard Time|Asia/Calcutta|001=Asia/Calcutta,IN=Asia/Calcutta|Asia/Calcutta,Asia/Kolkata
Sri Lanka Standard Time|Asia/Colombo|001=Asia/Colombo,LK=Asia/Colombo|Asia/Colombo
Nepal Standard Time|Asia/Katmandu|001=Asia/Katmandu,NP=Asia/Katmandu|Asia/Katmandu,Asia/Kathmandu
Central Asia Standard Time|Asia/Almaty|001=Asia/Almaty,AQ=Antarctica/Vostok,CN=Asia/Urumqi,IO=Indian/Chagos,KG=Asia/Bishkek,KZ=Asia/Almaty,ZZ=Etc/GMT-6|Antarctica/Vostok,Asia/Urumqi,Asia/Kashgar,Indian/Chagos,Asia/Bishkek,Asia/Almaty,Asia/Qostanay,Etc/GMT-6
Bangladesh Standard Time|Asia/Dhaka|001=Asia/Dhaka,BD=Asia/Dhaka,BT=Asia/Thimphu|Asia/Dhaka,Asia/Dacca,Asia/Thimphu,Asia/Thimbu
Omsk Standard Time|Asia/Omsk|001=Asia/Omsk,RU=Asia/Omsk|Asia/Omsk
Myanmar Standard Time|Asia/Rangoon|001=Asia/Rangoon,CC=Indian/Cocos,MM=Asia/Rangoon|Indian/Cocos,Asia/Rangoon,Asia/Yangon
SE Asia Standard Time|Asia/Bangkok|001=Asia/Bangkok,AQ=Antarctica/Davis,CX=Indian/Christmas,ID=Asia/Jakarta,KH=Asia/Phnom_Penh,LA=Asia/Vientiane,TH=Asia/Bangkok,VN=Asia/Saigon,ZZ=Etc/GMT-7|Antarctica/Davis,Indian/Christmas,Asia/Jakarta,Asia/Pontianak,Asia/Phnom_Penh,Asia/Vientiane,Asia/Bangkok,Etc/GMT-7,Asia/Saigon,Asia/Ho_Chi_Minh
Altai Standard Time|Asia/Barnaul|001=Asia/Barnaul,RU=Asia/Barnaul|Asia/Barnaul
W. Mongolia Standard Time|Asia/Hovd|001=Asia/Hovd,MN=Asia/Hovd|Asia/Hovd
North Asia Standard Time|Asia/Krasnoyarsk|001=Asia/Krasnoyarsk,RU=Asia/Krasnoyarsk|Asia/Krasnoyarsk,Asia/Novokuznetsk
N. Central Asia Standard Time|Asia/Novosibirsk|001=Asia/Novosibirsk,RU=Asia/Novosibirsk|Asia/Novosibirsk
Tomsk Standard Time|Asia/Tomsk|001=Asia/Tomsk,RU=Asia/Tomsk|Asia/Tomsk
China Standard Time|Asia/Shanghai|001=Asia/Shanghai,CN=Asia/Shanghai,HK=Asia/Hong_Kong,MO=Asia/Macau|Asia/Shanghai,Asia/Chongqing,Asia/Chungking,Asia/Harbin,PRC,Asia/Hong_Kong,Hongkong,Asia/Macau,Asia/Macao
North Asia East Standard Time|Asia/Irkutsk|001=Asia/Irkutsk,RU=Asia/Irkutsk|Asia/Irkutsk
Singapore Standard Time|Asia/Singapore|001=Asia/Singapore,BN=Asia/Brunei,ID=Asia/Makassar,MY=Asia/Kuala_Lumpur,PH=Asia/Manila,SG=Asia/Singapore,ZZ=Etc/GMT-8|Asia/Brunei,Asia/Makassar,Asia/Ujung_Pandang,Asia/Kuching,Asia/Kuala_Lumpur,Asia/Manila,Asia/Singapore,Singapore,Etc/GMT-8
W. Australia Standard Time|Australia/Perth|001=Australia/Perth,AU=Australia/Perth|Australia/Perth,Australia/West
Taipei Standard Time|Asia/Taipei|001=Asia/Taipei,TW=Asia/Taipei|Asia/Taipei,ROC
Ulaanbaatar Standard Time|Asia/Ulaanbaatar|001=Asia/Ulaanbaatar,MN=Asia/Ulaanbaatar|Asia/Choibalsan,Asia/Ulaanbaatar,Asia/Ulan_Bator
Aus Central W. Standard Time|Australia/Eucla|001=Australia/Eucla,AU=Australia/Eucla|Australia/Eucla
Transbaikal Standard Time|Asia/Chita|001=Asia/Chita,RU=Asia/Chita|Asia/Chita
Tokyo Standard Time|Asia/Tokyo|001=Asia/Tokyo,ID=Asia/Jayapura,JP=Asia/Tokyo,PW=Pacific/Palau,TL=Asia/Dili,ZZ=Etc/GMT-9|Asia/Jayapura,Asia/Tokyo,Japan,Pacific/Palau,Asia/Dili,Etc/GMT-9
North Korea Standard Time|Asia/Pyongyang|001=Asia/Pyongyang,KP=Asia/Pyongyang|Asia/Pyongyang
Korea Standard Time|Asia/Seoul|001=Asia/Seoul,KR=Asia/Seoul|Asia/Seoul,ROK
Yakutsk Standard Time|Asia/Yakutsk|001=Asia/Yakutsk,RU=Asia/Yakutsk|Asia/Khandyga,Asia/Yakutsk
Cen. Australia Standard Time|Australia/Adelaide|001=Australia/Adelaide,AU=Australia/Adelaide|Australia/Adelaide,Australia/South,Australia/Broken_Hill,Australia/Yancowinna
AUS Central Standard Time|Australia/Darwin|001=Australia/Darwin,AU=Australia/Darwin|Australia/Darwin,Australia/North
E. Australia Standard Time|Australia/Brisbane|001=Australia/Brisbane,AU=Australia/Brisbane|Australia/Brisbane,Australia/Queensland,Australia/Lindeman
AUS Eastern Standard Time|Australia/Sydney|001=Australia/Sydney,AU=Australia/Sydney|Australia/Melbourne,Australia/Victoria,Australia/Sydney,Australia/ACT,Australia/Canberra,Australia/NSW
West Pacific Standard Time|Pacific/Port_Moresby|001=Pacific/Port_Moresby,AQ=Antarctica/DumontDUrville,FM=Pacific/Truk,GU=Pacific/Guam,MP=Pacific/Saipan,PG=Pacific/Port_Moresby,ZZ=Etc/GMT-10|Antarctica/DumontDUrville,Pacific/Truk,Pacific/Chuuk,Pacific/Yap,Pacific/Guam,Pacific/Saipan,Pacific/Port_Moresby,Etc/GMT-10
Tasmania Standard Time|Australia/Hobart|001=Australia/Hobart,AU=Australia/Hobart|Australia/Hobart,Australia/Tasmania,Australia/Currie,Antarctica/Macquarie
Vladivostok Standard Time|Asia/Vladivostok|001=Asia/Vladivostok,RU=Asia/Vladivostok|Asia/Ust-Nera,Asia/Vladivostok
Lord Howe Standard Time|Australia/Lord_Howe|001=Australia/Lord_Howe,AU=Australia/Lord_Howe|Australia/Lord_Howe,Australia/LHI
Bougainville Standard Time|Pacific/Bougainville|001=Pacific/Bougainville,PG=Pacific/Bougainville|Pacific/Bougainville
Russia Time Zone 10|Asia/Srednekolymsk|001=Asia/Srednekolymsk,RU=Asia/Srednekolymsk|Asia/Srednekolymsk
Magadan Standard Time|Asia/Magadan|001=Asia/Magadan,RU=Asia/Magadan|Asia/Magadan
Norfolk Standard Time|Pacific/Norfolk|001=Pacific/Norfolk,NF=Pacific/Norfolk|Pacific/Norfolk
Sakhalin Standard Time|Asia/Sakhalin|001=Asia/Sakhalin,RU=Asia/Sakhalin|Asia/Sakhalin
Central Pacific Standard Time|Pacific/Guadalcanal|001=Pacific/Guadalcanal,AQ=Antarctica/Casey,FM=Pacific/Ponape,NC=Pacific/Noumea,SB=Pacific/Guadalcanal,VU=Pacific/Efate,ZZ=Etc/GMT-11|Antarctica/Casey,Pacific/Kosrae,Pacific/Ponape,Pacific/Pohnpei,Pacific/Noumea,Pacific/Guadalcanal,Etc/GMT-11,Pacific/Efate
Russia Time Zone 11|Asia/Kamchatka|001=Asia/Kamchatka,RU=Asia/Kamchatka|Asia/Anadyr,Asia/Kamchatka
New Zealand Standard Time|Pacific/Auckland|001=Pacific/Auckland,AQ=Antarctica/McMurdo,NZ=Pacific/Auckland|Antarctica/McMurdo,Pacific/Auckland,Antarctica/South_Pole,NZ
UTC+12|Etc/GMT-12|001=Etc/GMT-12,KI=Pacific/Tarawa,MH=Pacific/Majuro,NR=Pacific/Nauru,TV=Pacific/Funafuti,UM=Pacific/Wake,WF=Pacific/Wallis,ZZ=Etc/GMT-12|Pacific/Tarawa,Pacific/Kwajalein,Kwajalein,Pacific/Majuro,Pacific/Nauru,Pacific/Funafuti,Pacific/Wake,Etc/GMT-12,Pacific/Wallis
Fiji Standard Time|Pacific/Fiji|001=Pacific/Fiji,FJ=Pacific/Fiji|Pacific/Fiji
Chatham Islands Standard Time|Pacific/Chatham|001=Pacific/Chatham,NZ=Pacific/Chatham|Pacific/Chatham,NZ-CHAT
UTC+13|Etc/GMT-13|001=Etc/GMT-13,KI=Pacific/Enderbury,TK=Pacific/Fakaofo,ZZ=Etc/GMT-13|Pacific/Enderbury,Pacific/Fakaofo,Etc/GMT-13
Tonga Standard Time|Pacific/Tongatapu|001=Pacific/Tongatapu,TO=Pacific/Tongatapu|Pacific/Tongatapu
Samoa Standard Time|Pacific/Apia|001=Pacific/Apia,WS=Pacific/Apia|Pacific/Apia
Line Islands Standard Time|Pacific/Kiritimati|001=Pacific/Kiritimati,KI=Pacific/Kiritimati,ZZ=Etc/GMT-14|Pacific/Kiritimati,Etc/GMT-14
`;
