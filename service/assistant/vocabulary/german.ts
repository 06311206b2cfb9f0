import type { Vocabulary } from './concepts.ts';

export const german: Vocabulary = {
    language: 'de',
    ignored: `weg zuerst der die das den dem des ein eine einen einem einer eines ist sind bin war waren sein wird werden wurde wurden
        hat haben habe hatte kann kannst könnte könntest bitte mal denn doch noch eigentlich gerade so zu zum zur von vom
        für auf in im an am bei mit aus nach über unter durch ich mir mich mein meine meinen meinem meiner wir uns unser
        du dir dich dein deine es sie er ihr dies diese dieser dieses diesem diesen da dort hier etwas alles und oder aber
        wenn als auch schon nur nicht kein keine keinen ja nein zeig zeige zeigen sag sage gib gibt geben
        möchte will wollen man sich eben ging gingen viel viele vieles sehr seit während weil macht machen mach los denke soll sollte
        startet tun gegen hält halten stehen steht richtig ob wo welche welcher welches welchen welchem um ab
        wieder immer plötzlich manchmal ständig dauernd oft extrem irgendetwas irgendwas insgesamt beim alle jemand zwischen bis`,
    asking: 'muss muss_ich müssen soll sollte hat haben habe wurde wurden ist sind war waren gab gibt läuft laufen',
    and: 'und oder sowie',
    words: {
        own: 'habe_ich wie_viele wieviele',
        memory: 'speicher arbeitsspeicher* ram hauptspeicher* speicherverbrauch speicherauslastung speicherbelegung',
        swap: 'auslagerung* swap auslagerungsspeicher',
        processor:
            'prozessor* cpu rechenleistung rechenlast prozessorlast cpu-last cpu-auslastung auslastung die_last hohe_last kerne',
        disk: `festplatte* platte platten speicher speicherplatz* laufwerk* datenträger* ssd partition* dateisystem*
            plattenplatz platz`,
        folder: 'ordner verzeichnis* datei dateien',
        network: `netzwerk* netz internet* wlan w-lan lan verbindung* verbunden online offline gateway router
            namensauflösung ip-adresse internetverbindung kabel`,
        temperature: 'laut temperatur* heiß hitze überhitzt überhitzung warm wärme lüfter grad',
        battery: 'akku* batterie* ladung geladen lädt ladestand netzteil strom ladegerät akkustand akkulaufzeit',
        uptime: 'seit_wann laufzeit betriebszeit wie_lange',
        autostart: 'autostart* startprogramm* autostart-einträge',
        login: 'wenn_ich_mich_anmelde wenn_ich_mich_einlogge anmelden anmeldung einloggen login einloggens',
        begin: 'startet starten starte gestartet start laufen läuft beginnt beginnen geladen',
        automatic: 'automatisch von_selbst von_allein von_alleine selbsttätig',
        boot: `neustart* gestartet hochgefahren bootvorgang gebootet der_start den_start beim_start mein_start startet_der_rechner startet_mein_rechner startet_der_computer startet_mein_computer
            startet_der_laptop startet_mein_laptop beim_hochfahren mit_dem_system systemstart neugestartet neu_starten neu_gestartet hochfahren`,
        shutdown: 'heruntergefahren ausgeschaltet abgeschaltet herunterfahren',
        sleep: `schlafen schläft einschlafen schlaf schlafmodus ruhezustand bereitschaft* standby energiesparmodus wach
            wachhält wach_hält aufgewacht aufwachen suspend deckel zuklappen`,
        clock: 'uhr uhrzeit zeitzone wie_spät systemzeit',
        version: 'version* ausgabe informationen',
        kernel: 'kernel linux-kernel',
        distribution: 'distribution* betriebssystem* linux-version',
        shell: 'gnome gnome-shell arbeitsumgebung',
        systemd: 'systemd',
        hardware:
            'hardwarefehler* hardwareproblem* hardwaredefekt* hardware treiber* modell grafikkarte* grafiktreiber* rechnermodell gerät',
        user: 'benutzer* angemeldet eingeloggt anwender sitzung* nutzer wer_ist',
        crash: 'absturz abstürze abgestürzt stürzt abgestürztes speicherabzug eingefroren hängt aufgehängt abgestürzte abstürzt',
        failure: `hardwarefehler* neue_fehler neuen_fehler neue_probleme neue_warnungen neue_störungen stimmt_nicht fehler fehlgeschlagen* schiefgelaufen schief problem* störung* gescheitert vorfall vorfälle warnung*
            fehlschlag fehlschläge versagt schiefgegangen falsch ausgefallen`,
        fix: 'beheben behebe reparieren repariere repariert lösung behoben reparatur rückgängig lösen',
        change: 'geändert änderung* verändert veränderung* neu neues neue neulich_passiert passiert bearbeitet angepasst',
        package:
            'entfernt installieren welche_updates_gibt paket* aktualisiert aktualisierung* installiert update updates deinstalliert upgrade software gibt_es_updates gibt_es_aktualisierungen',
        update: 'welche_updates_gibt auf_dem_neuesten_stand aktualisierung* update updates upgrade gibt_es_updates gibt_es_aktualisierungen',
        sound: 'sound audio ton klang lautsprecher* mikrofon* kopfhörer* lautstärke höre hört hören stumm',
        extension: 'erweiterung* addon addons add-on plugin plugins',
        unit: 'dienst dienste dienstes einheit daemon hintergrunddienst',
        log: 'protokoll* log logs journal logdatei* meldungen',
        application: 'anwendung* programm* prozess* app apps',
        computer: 'rechner computer pc laptop system notebook gerät kiste',
        help: 'hallo hilfe hilf was_kannst_du helfen fragen funktionen möglichkeiten kannst_du befehle',
        usage: `lastet verbraucht verbrauch verbrauchen benutzt belegt belegen frisst fressen nutzt nutzen braucht brauchen
            beansprucht belastet auslastung meisten meiste verwendet beschäftigt ausgelastet`,
        free: 'welche_updates_gibt auf_dem_neuesten_stand frei freier freien übrig verfügbar verfügbare verfügbarer rest gibt_es_updates gibt_es_aktualisierungen',
        full: 'reicht reichen ausreichend hoch limit voll volle knapp leer vollgelaufen genug läuft_voll',
        needed: 'nötig notwendig erforderlich muss_ich muss benötigt fällig brauche brauchst braucht brauchen',
        large: 'groß große größten größte größe riesig grosse grossen',
        state: `läuft laufen status zustand aktiv gestoppt funktioniert funktionieren geht gehen aktiviert deaktiviert
            tut erreichbar`,
        broken: `hardwaredefekt* kaputt defekt* geht_nicht läuft_nicht funktioniert_nicht tut_nicht startet_nicht gestört
            unerreichbar nicht_mehr`,
        healthy:
            'ok okay abgenutzt verschlissen status alles_gut wie_geht_es gesund ordnung gut überblick übersicht zusammenfassung prüfen bestens alles_ok alles_in_ordnung',
        slow: 'langsam* verlangsam* so_lange zu_lange träge ruckelt ruckeln lahm hakt leistung schnell geschwindigkeit',
        duration: 'dauert dauerte gedauert dauer wie_lange lange',
        why: 'warum wieso weshalb grund ursache weswegen erkläre erklär',
        when: 'wann zeitpunkt',
        how: 'wie wieviel',
        who: 'wer',
        what: 'was',
        list: 'liste auflisten anzeigen anzeige',
        measure: 'prozent stand anzahl',
        now: 'jetzt momentan aktuell aktuelle aktuellen derzeit gerade_jetzt',
        recent: 'in_letzter_zeit kürzlich neulich zuletzt jüngst neuerdings',
        last: 'letzte letzten letzter letztes vorher bevor vorige vorherige vergangene vergangenen',
        before: 'bevor vorher vor',
        today: 'heute heute_morgen heute_früh',
        daypart:
            'morgens vormittag vormittags mittag mittags nachmittag nachmittags abend abends gestern_morgen gestern_früh heute_morgen heute_früh',
        since: 'seit',
        yesterday: 'gestern gestern_morgen gestern_früh',
        sunday: 'sonntag',
        monday: 'montag',
        tuesday: 'dienstag',
        wednesday: 'mittwoch',
        thursday: 'donnerstag',
        friday: 'freitag',
        saturday: 'samstag sonnabend',
        night: 'nacht letzte_nacht heute_nacht',
        hour: 'viertelstunde dreiviertelstunde stunde stunden minute minuten',
        day: 'tag tage tagen',
        week: 'woche wochen',
        command: `starte starten stoppe stoppen neustarten beende beenden installiere installieren deinstalliere lösche
            löschen aktiviere aktivieren deaktiviere deaktivieren schalte schalten aktualisiere aktualisieren führe
            ausführen entferne entfernen leere leeren ändere öffne öffnen schließe verbinde trenne räume aufräumen
            neu_starten mache_aus`,
        undo: 'rückgängig zurücknehmen zurückgenommen widerrufen',
        doer: 'hast_du hat_reeve von_dir von_reeve',
        deed: 'hast_du_gemacht hast_du_getan hat_reeve_gemacht hat_reeve_getan',
        peripheral: 'maus tastatur touchpad bildschirm kamera webcam usb usb-anschluss usb-gerät usb-geräte',
        thing: 'papierkorb geräte wie_schnell nicht_mehr_gebraucht nicht_mehr_benötigt überflüssig*',
        foreign: `handy iphone smartphone netflix facebook instagram whatsapp youtube auto supermarkt laden küche zug nachbar wetter gedicht witz geschichte lied rezept kochen übersetze übersetzen schreibe schreib aufsatz
            nachrichten aktien liebe präsident hauptstadt fußball film buch musik hausaufgaben rechne ignoriere
            nächste nächster nächstes nächsten kommende bedeutet bedeuten bedeutung unterschied wozu anweisungen regeln passwort bild male zeichne erzähl erzähle morgen urlaub bundeskanzler`,
    },
};
