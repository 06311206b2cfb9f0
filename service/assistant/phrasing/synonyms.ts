import { spellings } from '../words.ts';

/**
 * Words that mean the same wherever somebody asks for something, one class a line, of all languages at once. What means the same
 * for one fact or action only stands in the phrases beside it.
 */
const classes = `
    show display list see view tell give print output zeig zeige zeigen anzeigen nenne nenn sag liste auflisten اعرض اظهر عرض اظهار ارني اخبرني قل
    check verify look inspect examine prüf prüfe prüfen überprüf schau guck nachsehen nachschauen تحقق افحص فحص راجع
    use using uses used usage consume consumes consuming consumption need take takes hog hogs hogging eat eats eating verbraucht verbrauchen braucht brauchen benutzt nutzt frisst fressen belegt belegen verbrauch auslastung يستخدم تستخدم يستهلك تستهلك استخدام استهلاك ياكل
    full filled voll gefüllt ممتلئ ممتلئة مليء امتلا
    free left available remaining frei verfügbar übrig متاح متاحة متبقي المتبقية فارغ حر
    big large huge biggest largest most top heaviest highest größte größten größter groß meisten meiste höchste اكبر الاكبر كبير كبيرة اكثر الاكثر
    small smaller smallest least klein kleiner kleinste wenigsten صغير اصغر
    slow sluggish laggy lag lags lagging unresponsive crawling langsam träge ruckelt ruckeln hängt lahm بطيء بطيئة ابطا يعلق
    program programs programme programmes app apps application applications software tool programm programme programmen anwendung anwendungen برنامج برامج البرامج تطبيق تطبيقات التطبيقات
    process processes task prozess prozesse prozessen عملية عمليات العمليات
    service services daemon daemons unit units dienst dienste diensten einheit einheiten خدمة خدمات الخدمات وحدة وحدات
    computer machine laptop notebook pc system desktop box rechner computers systems kiste gerät maschine حاسوب الحاسوب كمبيوتر الكمبيوتر جهاز الجهاز جهازي حاسوبي النظام
    start started starts starting begin begins beginnt gestartet startet starten begonnen بدا يبدا تبدا تشغيل بدء
    boot booted booting reboot startup hochgefahren hochfahren bootet systemstart neustart اقلاع الاقلاع
    restart restarted reboot rebooted neustarten neugestartet neu اعد إعادة
    run running runs läuft laufen laufende laufenden aktiv active يعمل تعمل شغال شغالة نشط
    stop stopped halt ended beendet angehalten gestoppt stoppt توقف متوقف اوقف
    change changed changes changing modified modify edit edited altered different geändert ändern ändert änderung änderungen verändert anders تغير تغيير تغييرات تغيرت غير عدل
    error errors failure failures fail failed fails failing problem problems trouble issue issues fault faults wrong fehler fehlgeschlagen problem probleme problemen störung störungen خطا اخطاء فشل مشكلة مشاكل المشاكل عطل
    broken broke kaputt defekt معطل مكسور خربان
    work works working funktioniert funktionieren geht klappt tut تعمل يشتغل
    crash crashed crashes crashing abgestürzt abstürzen stürzt absturz abstürze انهار انهيار ينهار تعطل
    memory ram arbeitsspeicher hauptspeicher ذاكرة الذاكرة رام
    cpu processor processors cores prozessor cpus kerne معالج المعالج
    disk disks disc dsk drive drives ssd hdd harddisk nvme platte festplatte festplatten laufwerk laufwerke datenträger قرص القرص اقراص الاقراص هارد
    space room capacity platz speicherplatz مساحة المساحة سعة
    folder directory folders directories ordner verzeichnis ordnern مجلد المجلد مجلدات المجلدات
    file files datei dateien ملف الملف ملفات الملفات
    network net netzwerk netz networking شبكة الشبكة
    internet online الانترنت انترنت النت نت
    wifi wlan wireless wi-fi واي فاي وايفاي الوايفاي
    connected connection connections connect connects connecting link verbunden verbindung verbindungen verbinden verbinde متصل متصلة اتصال الاتصال اتصل
    disconnect disconnected trenne trennen getrennt افصل قطع انقطع
    sound audio ton klang الصوت صوت
    volume lautstärke مستوى
    screen monitor display screens monitors displays bildschirm monitore bildschirme شاشة الشاشة شاشات الشاشات
    battery akku batterie بطارية البطارية
    charge charging charged charges lädt laden aufladen geladen ladung ladestand شحن يشحن الشحن
    hot warm heat overheating temperature temperatures temp temps heiß warm wärme temperatur temperaturen überhitzt حرارة الحرارة ساخن يسخن حار درجة
    fan fans lüfter مروحة المروحة مراوح
    printer printers drucker طابعة الطابعة طابعات الطابعات
    print printing prints drucken druckt druck يطبع طباعة الطباعة
    queue jobs job warteschlange druckaufträge auftrag aufträge طابور مهام مهمة
    update updates updated upgrade upgrades upgraded aktualisierung aktualisierungen aktualisieren aktualisiert تحديث تحديثات التحديثات حدث
    install installed installs installation installiert installieren installiere installier ثبت تثبيت مثبت مثبتة المثبتة نزل
    remove uninstall delete removed erase entfernen entferne deinstalliere deinstallieren lösche löschen أزل احذف حذف إزالة امسح
    package packages paket pakete paketen حزمة حزم الحزم
    version release ausgabe fassung نسخة اصدار الاصدار إصدار
    user users account accounts benutzer nutzer konto konten مستخدم المستخدم مستخدمين حساب حسابات
    log logs journal protokoll protokolle logbuch سجل السجل سجلات السجلات
    setting settings option einstellung einstellungen إعداد إعدادات الاعدادات
    dark dunkel dunkle dunkles dunklen dunkler داكن الداكن مظلم ليلي
    light bright hell helle helles hellen فاتح الفاتح
    mode style theme look appearance design modus stil thema وضع الوضع مظهر المظهر نمط النمط سمة
    text font fonts letters lettering writing schrift buchstaben schriftgröße خط الخط نص النص حروف
    bigger larger enlarge increase grow größer vergrößere vergrößern erhöhe erhöhen mehr كبر تكبير زد
    smaller reduce decrease shrink kleiner verkleinere verkleinern verringere verringern weniger صغر تصغير قلل خفض
    loud louder laut lauter أعلى اعل ارفع
    quiet quieter silent leise leiser اخفض
    mute silence stumm stummschalten كتم اكتم
    on ein an eingeschaltet eingeschalten enabled activated angeschaltet مفعل مفعلة
    off aus ausgeschaltet disabled deactivated abgeschaltet
    enable activate einschalten einschalte anschalten aktiviere aktivieren schalte mach شغل فعل تفعيل
    disable deactivate ausschalten abschalten deaktiviere deaktivieren اطفئ عطل تعطيل إيقاف
    set make put change adjust stelle stell setze setz اجعل اضبط ضع ضبط
    open launch start öffne öffnen starte starten aufmachen افتح فتح
    close quit exit end terminate schließe schließen beende beenden أغلق اغلاق إنهاء انه
    kill abschießen töte اقتل
    now currently jetzt gerade momentan derzeit aktuell الان الآن حاليا
    name called named heißt heisst namens اسم اسمه يسمى
    many much viel viele كم
    long lange طول مدة
    when wann متى
    why warum wieso weshalb لماذا ليش
    where wo اين أين وين
    who wer من
    which welche welcher welches welchen اي أي
    what whats waht was ما ماذا ايش شو
    how wie كيف
    not doesnt dont didnt isnt arent cant cannot wont nicht kein keine keinen لا لم لن ليس
    lot lots plenty
    last latest recent recently newest lately letzte letzten letzter zuletzt kürzlich neueste اخر آخر اخيرا مؤخرا
    old älter alte alten قديم قديمة
    new neue neuen neuer neu جديد جديدة
    time clock uhrzeit uhr zeit وقت الوقت الساعة ساعة
    keyboard tastatur لوحة مفاتيح
    mouse maus ماوس الفأرة فارة
    camera webcam kamera كاميرا
    device devices geräte geräten اجهزة الاجهزة
    healthy health gesund gesundheit zustand صحة سليم سليمة حالة
    address addresses adresse adressen عنوان العنوان عناوين
    password passwort kennwort كلمة مرور
    wallpaper background hintergrund hintergrundbild خلفية الخلفية
    sleep suspend standby schlafen schläft ruhezustand bereitschaft سكون السكون نوم
    shutdown poweroff herunterfahren ausschalten ايقاف
    lock sperre sperren gesperrt قفل اقفل
    login logon signin anmeldung anmelden einloggen دخول
    pair koppeln kopple koppel gekoppelt اقتران اقرن
    empty clear clean leere leeren leer räume aufräumen bereinige فرغ نظف تفريغ تنظيف
    trash bin recycle papierkorb مهملات سلة المهملات
    port ports منفذ المنفذ منافذ
    listen listens listening lauscht lauschen hört يستمع تستمع
`;

/** The class of each word, by its spellings. */
export const synonyms: ReadonlyMap<string, readonly string[]> = (() => {
    const found = new Map<string, string[]>();
    for (const [index, line] of classes.trim().split('\n').entries())
        for (const word of line.trim().split(/\s+/))
            for (const spelling of spellings(word))
                found.set(spelling, [...new Set([...(found.get(spelling) ?? []), `=${index}`])]);
    return found;
})();
