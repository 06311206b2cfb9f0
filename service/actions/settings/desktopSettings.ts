import { _, ngettext } from '../../i18n/i18n.ts';
import type { Phrases } from '../wish.ts';

/**
 * The settings of the desktop that Reeve may change, each looked at by a person: its key in GSettings, what its values mean,
 * and how people ask for it. A key that is not listed here cannot be changed.
 */

/** A setting that is on or off. */
type Switch = {
    schema: string;
    key: string;
    /** As `gsettings set` takes them. */
    on: string;
    off: string;
    /** What it is called in a sentence. */
    name: () => string;
    /** What people call it; patterns. */
    called: Phrases;
    /** What people call the contrary, such as "light mode". */
    opposite?: Phrases;
    /** How people ask for it otherwise, such as "never sleep while plugged in". */
    said?: { on: Phrases; off: Phrases };
    /** It is something to see, which one shows and hides. */
    isShown?: true;
    /** What one should know before it is changed. */
    note?: () => string;
};

/** A setting that is a number in a range. */
type Scale = {
    schema: string;
    key: string;
    least: number;
    most: number;
    /** What "bigger" and "smaller" add. */
    stride: number;
    /** A whole number is written without a fraction. */
    isWhole: boolean;
    name: () => string;
    /** How a value is shown, such as "125%". */
    shown: (value: number) => string;
    /** The value for a number that a person says, such as 1.25 for 125. */
    said: (number: number) => number;
    more: Phrases;
    less: Phrases;
    /** With the slot {number}. */
    exact: Phrases;
    /** As it was delivered. */
    usual: Phrases;
};

const whilePlugged = {
    en: '(while|when) [computer|it|i] [am|is] (plugged in|charging|on mains|on ac|connected to power)',
    de: '(am netz|am ladegerät|im netzbetrieb|am strom|am netzteil|beim laden)',
    ar: '(عند الشحن|أثناء الشحن|عند توصيل كهرباء)',
};

const percent = (value: number) => `${Math.round(value * 100)}%`;

export const switches = {
    'dark-style': {
        schema: 'org.gnome.desktop.interface',
        key: 'color-scheme',
        on: "'prefer-dark'",
        off: "'default'",
        name: () => _('the dark style'),
        called: {
            en: ['[system] dark (mode|theme|style|appearance|look)', 'night mode'],
            de: [
                '(dunkle|dunklen|dunkles|dunkler|dark) (stil|modus|mode|design|theme|thema|aussehen|darstellung)',
                '(dunkelmodus|nachtmodus|darkmode)',
            ],
            ar: ['(وضع|نمط|مظهر|سمة) (داكن|ليلي|مظلم)'],
        },
        opposite: {
            en: ['(light|bright|white) (mode|theme|style|appearance|look)'],
            de: [
                '(helle|hellen|helles|heller) (stil|modus|mode|design|theme|thema|aussehen|darstellung)',
                '(hellmodus|tagmodus)',
            ],
            ar: ['(وضع|نمط|مظهر|سمة) (فاتح|نهاري|مضيء)'],
        },
    },
    'night-light': {
        schema: 'org.gnome.settings-daemon.plugins.color',
        key: 'night-light-enabled',
        on: 'true',
        off: 'false',
        name: () => _('the night light'),
        called: {
            en: ['(night light|blue light filter|nightlight|warm colors|warmer colors)'],
            de: ['(nachtlicht|blaulichtfilter|nachtfarben)'],
            ar: ['(ضوء|إضاءة) (ليلي|ليلية)'],
        },
    },
    notifications: {
        schema: 'org.gnome.desktop.notifications',
        key: 'show-banners',
        on: 'true',
        off: 'false',
        name: () => _('notification banners'),
        called: {
            en: ['(notifications|notification banners|notification popups|pop-ups|popups|notification pop-ups)'],
            de: ['(benachrichtigungen|mitteilungen)'],
            ar: ['(إشعارات|تنبيهات)'],
        },
        opposite: {
            en: ['(do not disturb|dnd|quiet mode|silent mode) [mode]'],
            de: ['(nicht storen|bitte nicht storen|ruhemodus)'],
            ar: ['(عدم إزعاج|وضع هادئ)'],
        },
        note: () => _('Without banners, notifications still wait in the message list.'),
    },
    animations: {
        schema: 'org.gnome.desktop.interface',
        key: 'enable-animations',
        on: 'true',
        off: 'false',
        name: () => _('animations'),
        called: {
            en: ['[desktop|window] animations', '(motion|animation effects)'],
            de: ['(animationen|bewegungseffekte)'],
            ar: ['(حركات|رسوم متحركة|تأثيرات حركية)'],
        },
    },
    'battery-percentage': {
        schema: 'org.gnome.desktop.interface',
        key: 'show-battery-percentage',
        on: 'true',
        off: 'false',
        isShown: true,
        name: () => _('the battery percentage in the top bar'),
        called: {
            en: ['battery (percentage|percent) [in top bar]'],
            de: ['(akkuprozent|batterieprozent|akkuprozentanzeige|akkuladung in prozent)', '(akku|batterie) prozent'],
            ar: ['نسبة (بطارية|شحن)'],
        },
    },
    'clock-seconds': {
        schema: 'org.gnome.desktop.interface',
        key: 'clock-show-seconds',
        on: 'true',
        off: 'false',
        isShown: true,
        name: () => _('seconds in the clock'),
        called: {
            en: ['[clock] seconds [in|on] [clock|top bar]'],
            de: ['sekunden [in|auf] [uhr|leiste]', 'sekundenanzeige'],
            ar: ['ثواني [في] [ساعة]'],
        },
    },
    weekday: {
        schema: 'org.gnome.desktop.interface',
        key: 'clock-show-weekday',
        on: 'true',
        off: 'false',
        isShown: true,
        name: () => _('the day of the week in the clock'),
        called: {
            en: ['(weekday|day of [the] week) [in|on] [clock|top bar]'],
            de: ['wochentag [in|auf] [uhr|leiste]'],
            ar: ['يوم أسبوع [في] [ساعة]'],
        },
    },
    'hot-corner': {
        schema: 'org.gnome.desktop.interface',
        key: 'enable-hot-corners',
        on: 'true',
        off: 'false',
        name: () => _('the hot corner'),
        called: {
            en: ['(hot corner|hot corners|active corner)'],
            de: ['(funktionale ecke|aktive ecke|hot corner)'],
            ar: ['(زاوية|ركن) (نشطة|نشط|فعالة)'],
        },
    },
    'high-contrast': {
        schema: 'org.gnome.desktop.a11y.interface',
        key: 'high-contrast',
        on: 'true',
        off: 'false',
        name: () => _('high contrast'),
        called: { en: ['high contrast [mode]'], de: ['(hohen|hoher|starker|mehr) kontrast'], ar: ['تباين (عالي|عال)'] },
    },
    'screen-reader': {
        schema: 'org.gnome.desktop.a11y.applications',
        key: 'screen-reader-enabled',
        on: 'true',
        off: 'false',
        name: () => _('the screen reader'),
        called: { en: ['screen reader', 'orca'], de: ['(bildschirmleser|screenreader|orca)'], ar: ['قارئ شاشة'] },
    },
    magnifier: {
        schema: 'org.gnome.desktop.a11y.applications',
        key: 'screen-magnifier-enabled',
        on: 'true',
        off: 'false',
        name: () => _('the screen magnifier'),
        called: {
            en: ['[screen] (magnifier|zoom|magnification)'],
            de: ['(bildschirmlupe|lupe|bildschirmvergrosserung)'],
            ar: ['(مكبر|تكبير) شاشة'],
        },
    },
    'screen-keyboard': {
        schema: 'org.gnome.desktop.a11y.applications',
        key: 'screen-keyboard-enabled',
        on: 'true',
        off: 'false',
        isShown: true,
        name: () => _('the on-screen keyboard'),
        called: {
            en: ['(on-screen|onscreen|on screen|virtual) keyboard'],
            de: ['(bildschirmtastatur|virtuelle tastatur)'],
            ar: ['لوحة مفاتيح (على|افتراضية) [شاشة]'],
        },
    },
    'sticky-keys': {
        schema: 'org.gnome.desktop.a11y.keyboard',
        key: 'stickykeys-enable',
        on: 'true',
        off: 'false',
        name: () => _('sticky keys'),
        called: { en: ['sticky keys'], de: ['(einrastfunktion|klebrige tasten)'], ar: ['مفاتيح (ثابتة|لاصقة)'] },
    },
    'tap-to-click': {
        schema: 'org.gnome.desktop.peripherals.touchpad',
        key: 'tap-to-click',
        on: 'true',
        off: 'false',
        name: () => _('tap to click'),
        called: {
            en: ['(tap to click|tapping|tap clicks)'],
            de: ['(tippen zum klicken|klicken durch tippen|antippen zum klicken)'],
            ar: ['(نقر باللمس|لمس للنقر)'],
        },
    },
    'natural-scrolling': {
        schema: 'org.gnome.desktop.peripherals.touchpad',
        key: 'natural-scroll',
        on: 'true',
        off: 'false',
        name: () => _('natural scrolling on the touchpad'),
        called: {
            en: ['(natural|reverse|inverted) (scrolling|scroll) [on touchpad]'],
            de: ['(naturliches|umgekehrtes) (scrollen|rollen|blattern)'],
            ar: ['تمرير طبيعي'],
        },
    },
    touchpad: {
        schema: 'org.gnome.desktop.peripherals.touchpad',
        key: 'send-events',
        on: "'enabled'",
        off: "'disabled'",
        name: () => _('the touchpad'),
        called: { en: ['(touchpad|trackpad)'], de: ['(touchpad|tastfeld)'], ar: ['لوحة لمس'] },
        note: () => _('Without the touchpad you need a mouse or the keyboard.'),
    },
    'left-handed': {
        schema: 'org.gnome.desktop.peripherals.mouse',
        key: 'left-handed',
        on: 'true',
        off: 'false',
        name: () => _('the left-handed mouse'),
        called: {
            en: ['(left-handed|left handed|lefthanded) (mouse|mode)'],
            de: ['(linkshander|linkshandermaus|maus fur linkshander)'],
            ar: ['فأرة (يسرى|لليد اليسرى)'],
        },
    },
    'event-sounds': {
        schema: 'org.gnome.desktop.sound',
        key: 'event-sounds',
        on: 'true',
        off: 'false',
        name: () => _('alert sounds'),
        called: {
            en: ['(alert|event|system|notification) (sounds|sound)', 'beep'],
            de: ['(systemklange|warntone|ereignisklange|hinweistone)'],
            ar: ['أصوات (تنبيه|نظام)'],
        },
    },
    'screen-lock': {
        schema: 'org.gnome.desktop.screensaver',
        key: 'lock-enabled',
        on: 'true',
        off: 'false',
        name: () => _('the automatic screen lock'),
        called: {
            en: ['[automatic] (screen lock|screen locking|lock screen)'],
            de: ['[automatische] bildschirmsperre'],
            ar: ['قفل شاشة [تلقائي]'],
        },
        note: () => _('Without the lock, anybody at the computer can use your session.'),
    },
    location: {
        schema: 'org.gnome.system.location',
        key: 'enabled',
        on: 'true',
        off: 'false',
        name: () => _('location services'),
        called: {
            en: ['(location|location services|location access)'],
            de: ['(ortungsdienste|standortdienste|standort)'],
            ar: ['خدمات موقع', 'تحديد الموقع'],
        },
    },
    'recent-files': {
        schema: 'org.gnome.desktop.privacy',
        key: 'remember-recent-files',
        on: 'true',
        off: 'false',
        name: () => _('the list of recent files'),
        called: {
            en: ['(recent files|file history|list of recent files)'],
            de: ['(zuletzt verwendete dateien|dateiverlauf|liste zuletzt verwendeter dateien)'],
            ar: ['(ملفات أخيرة|سجل ملفات)'],
        },
    },
    'automatic-brightness': {
        schema: 'org.gnome.settings-daemon.plugins.power',
        key: 'ambient-enabled',
        on: 'true',
        off: 'false',
        name: () => _('automatic screen brightness'),
        called: {
            en: ['(automatic|auto|adaptive) [screen] brightness'],
            de: ['(automatische|adaptive) [bildschirm] (helligkeit|bildschirmhelligkeit)'],
            ar: ['سطوع تلقائي'],
        },
    },
    'clock-date': {
        schema: 'org.gnome.desktop.interface',
        key: 'clock-show-date',
        on: 'true',
        off: 'false',
        isShown: true,
        name: () => _('the date in the clock'),
        called: {
            en: ['date [in|on] (clock|top bar)'],
            de: ['datum (in|auf|neben) (uhr|leiste)'],
            ar: ['تاريخ (في|بجانب) ساعة'],
        },
    },
    'clock-24-hours': {
        schema: 'org.gnome.desktop.interface',
        key: 'clock-format',
        on: "'24h'",
        off: "'12h'",
        name: () => _('the 24-hour clock'),
        called: {
            en: ['(24-hour|24 hour|24h) (clock|time|format|time format)'],
            de: ['(24-stunden-format|24-stunden-uhr|24 stunden format|24-stunden-anzeige)'],
            ar: ['(نظام|تنسيق) 24 ساعة'],
        },
        opposite: {
            en: ['(12-hour|12 hour|12h|am pm) (clock|time|format|time format)'],
            de: ['(12-stunden-format|12-stunden-uhr|12 stunden format|12-stunden-anzeige)'],
            ar: ['(نظام|تنسيق) 12 ساعة'],
        },
    },
    'week-numbers': {
        schema: 'org.gnome.desktop.calendar',
        key: 'show-weekdate',
        on: 'true',
        off: 'false',
        isShown: true,
        name: () => _('week numbers in the calendar'),
        called: {
            en: ['(week numbers|weeks) [in|on] [calendar]'],
            de: ['(kalenderwochen|wochennummern) [in|im] [kalender]'],
            ar: ['أرقام أسابيع [في] [تقويم]'],
        },
    },
    'automatic-time-zone': {
        schema: 'org.gnome.desktop.datetime',
        key: 'automatic-timezone',
        on: 'true',
        off: 'false',
        name: () => _('the automatic time zone'),
        called: {
            en: ['(automatic|auto) (time zone|timezone)'],
            de: ['automatische zeitzone'],
            ar: ['منطقة زمنية تلقائية'],
        },
    },
    'dynamic-workspaces': {
        schema: 'org.gnome.mutter',
        key: 'dynamic-workspaces',
        on: 'true',
        off: 'false',
        name: () => _('dynamic workspaces'),
        called: {
            en: ['(dynamic|automatic) workspaces'],
            de: ['(dynamische|automatische) arbeitsflächen'],
            ar: ['مساحات عمل (ديناميكية|تلقائية)'],
        },
    },
    'edge-tiling': {
        schema: 'org.gnome.mutter',
        key: 'edge-tiling',
        on: 'true',
        off: 'false',
        name: () => _('tiling windows at the edge of the screen'),
        called: {
            en: ['(edge tiling|window snapping|snapping windows|active screen edges)'],
            de: ['(aktive bildschirmränder|fenster andocken|fenster einrasten)'],
            ar: ['(حواف شاشة نشطة|التصاق نوافذ)'],
        },
    },
    'middle-click-paste': {
        schema: 'org.gnome.desktop.interface',
        key: 'gtk-enable-primary-paste',
        on: 'true',
        off: 'false',
        name: () => _('pasting with the middle mouse button'),
        called: {
            en: ['(middle click paste|middle-click paste|paste with middle mouse button|primary paste)'],
            de: ['(einfügen mit [mittlerer] maustaste|mittelklick einfügen|einfügen mit mittelklick)'],
            ar: ['لصق بالزر الأوسط'],
        },
    },
    'num-lock': {
        schema: 'org.gnome.desktop.peripherals.keyboard',
        key: 'numlock-state',
        on: 'true',
        off: 'false',
        name: () => _('Num Lock'),
        called: { en: ['(num lock|numlock)'], de: ['(num lock|numlock|ziffernblock)'], ar: ['قفل أرقام'] },
    },
    'lock-notifications': {
        schema: 'org.gnome.desktop.notifications',
        key: 'show-in-lock-screen',
        on: 'true',
        off: 'false',
        isShown: true,
        name: () => _('notifications on the lock screen'),
        called: {
            en: ['(notifications|messages) (on|in) lock screen'],
            de: ['(benachrichtigungen|mitteilungen) (auf|in) (sperrbildschirm|bildschirmsperre)'],
            ar: ['إشعارات (على|في) شاشة قفل'],
        },
    },
    camera: {
        schema: 'org.gnome.desktop.privacy',
        key: 'disable-camera',
        on: 'false',
        off: 'true',
        name: () => _('access of sandboxed applications to the camera'),
        called: { en: ['camera [access]', 'webcam'], de: ['(kamera|webcam|kamerazugriff)'], ar: ['كاميرا'] },
        note: () => _('Applications outside a sandbox can still use the camera.'),
    },
    'usb-protection': {
        schema: 'org.gnome.desktop.privacy',
        key: 'usb-protection',
        on: 'true',
        off: 'false',
        name: () => _('the protection against new USB devices while the screen is locked'),
        called: { en: ['usb protection'], de: ['usb-schutz'], ar: ['حماية usb'] },
    },
    'mouse-keys': {
        schema: 'org.gnome.desktop.a11y.keyboard',
        key: 'mousekeys-enable',
        on: 'true',
        off: 'false',
        name: () => _('moving the pointer with the number pad'),
        called: { en: ['mouse keys'], de: ['(tastaturmaus|maustasten)'], ar: ['مفاتيح فأرة'] },
    },
    'slow-keys': {
        schema: 'org.gnome.desktop.a11y.keyboard',
        key: 'slowkeys-enable',
        on: 'true',
        off: 'false',
        name: () => _('slow keys'),
        called: { en: ['slow keys'], de: ['(tastenverzögerung|langsame tasten)'], ar: ['مفاتيح بطيئة'] },
    },
    'bounce-keys': {
        schema: 'org.gnome.desktop.a11y.keyboard',
        key: 'bouncekeys-enable',
        on: 'true',
        off: 'false',
        name: () => _('bounce keys'),
        called: { en: ['bounce keys'], de: ['(prellende tasten|tastenprellung)'], ar: ['مفاتيح مرتدة'] },
    },
    'locate-pointer': {
        schema: 'org.gnome.desktop.interface',
        key: 'locate-pointer',
        on: 'true',
        off: 'false',
        name: () => _('showing the pointer with the Ctrl key'),
        called: {
            en: ['(locate pointer|pointer location|find my mouse)'],
            de: ['(zeigerposition|zeiger hervorheben)'],
            ar: ['(موقع مؤشر|تحديد موقع مؤشر)'],
        },
    },
    'mouse-natural-scrolling': {
        schema: 'org.gnome.desktop.peripherals.mouse',
        key: 'natural-scroll',
        on: 'true',
        off: 'false',
        name: () => _('natural scrolling of the mouse'),
        called: {
            en: ['(natural|reverse|inverted) (scrolling|scroll) (of|on|with) mouse'],
            de: ['(natürliches|umgekehrtes) (scrollen|rollen|blättern) (mit|bei) maus'],
            ar: ['تمرير طبيعي (للفأرة|بالفأرة)'],
        },
    },
    'suspend-on-mains': {
        schema: 'org.gnome.settings-daemon.plugins.power',
        key: 'sleep-inactive-ac-type',
        on: "'suspend'",
        off: "'nothing'",
        name: () => _('automatic suspend while plugged in'),
        called: {
            en: [`automatic (suspend|sleep) ${whilePlugged.en}`],
            de: [`automatische bereitschaft ${whilePlugged.de}`],
            ar: [`تعليق تلقائي ${whilePlugged.ar}`],
        },
        said: {
            on: {
                en: [`(sleep|suspend) automatically ${whilePlugged.en}`],
                de: [`${whilePlugged.de} automatisch in bereitschaft gehen`],
                ar: [`علق تلقائيا ${whilePlugged.ar}`],
            },
            off: {
                en: [
                    `(never|do not|dont) (sleep|suspend|go to sleep) ${whilePlugged.en}`,
                    `stay awake ${whilePlugged.en}`,
                    `keep computer awake ${whilePlugged.en}`,
                ],
                de: [
                    `[geh|gehe] ${whilePlugged.de} (nie|niemals|nicht) [in] (schlafen|bereitschaft|einschlafen|ruhezustand) [gehen]`,
                    `(nie|niemals|nicht) (schlafen|einschlafen) ${whilePlugged.de}`,
                    `${whilePlugged.de} wach bleiben`,
                ],
                ar: [`(لا تدخل|لا تنم|لا تعلق) [في] [وضع] [سكون] ${whilePlugged.ar}`],
            },
        },
        note: () => _('The screen still turns off, and the computer uses more power.'),
    },
    'suspend-on-battery': {
        schema: 'org.gnome.settings-daemon.plugins.power',
        key: 'sleep-inactive-battery-type',
        on: "'suspend'",
        off: "'nothing'",
        name: () => _('automatic suspend on battery'),
        called: {
            en: ['automatic (suspend|sleep) on battery'],
            de: ['automatische bereitschaft im akkubetrieb'],
            ar: ['تعليق تلقائي على بطارية'],
        },
        said: {
            on: {
                en: ['(sleep|suspend) automatically on battery'],
                de: ['im akkubetrieb automatisch in bereitschaft gehen'],
                ar: ['علق تلقائيا على بطارية'],
            },
            off: {
                en: ['(never|do not|dont) (sleep|suspend|go to sleep) on battery', 'stay awake on battery'],
                de: ['im akkubetrieb (nie|niemals|nicht) [in] (schlafen|bereitschaft|einschlafen) [gehen]'],
                ar: ['(لا تنم|لا تعلق) على بطارية'],
            },
        },
        note: () => _('The battery can run empty while nobody is there.'),
    },
    proxy: {
        schema: 'org.gnome.system.proxy',
        key: 'mode',
        on: "'manual'",
        off: "'none'",
        name: () => _('the proxy'),
        called: { en: ['[network|manual] proxy'], de: ['[manueller] (proxy|netzwerkproxy)'], ar: ['وكيل'] },
        note: () => _('The proxy is the one that is entered in the settings of the network.'),
    },
} as const satisfies Record<string, Switch>;

export const scales = {
    'text-size': {
        schema: 'org.gnome.desktop.interface',
        key: 'text-scaling-factor',
        least: 0.5,
        most: 3,
        stride: 0.25,
        isWhole: false,
        name: () => _('the text size'),
        shown: percent,
        said: number => number / 100,
        more: {
            en: [
                'make (text|font|fonts|letters|writing) [size] (bigger|larger|huge)',
                '(increase|enlarge|raise) [font|text] (text|font|size|fonts) [size]',
                '(bigger|larger) (text|font|fonts|letters)',
                '(text|font|letters) [is|are] too small',
            ],
            de: [
                '(mach|mache|machen|stell|stelle) [sie] (text|schrift|buchstaben|schriftgrosse) (grosser|hoher)',
                '(grossere|grosser) (schrift|text|buchstaben)',
                '(schrift|text|schriftgrosse) (grosser|vergrossern|erhohen|grosser machen|grosser stellen)',
                '(vergrossere|erhohe) (schrift|text|schriftgrosse)',
                '(schrift|text) ist [mir] zu klein',
            ],
            ar: ['(كبر|تكبير|زد|زيادة) [حجم] (خط|نص|كتابة)', '(خط|نص) (اكبر|صغير جدا)'],
        },
        less: {
            en: [
                'make (text|font|fonts|letters|writing) [size] smaller',
                '(decrease|reduce|shrink) [font|text] (text|font|size|fonts) [size]',
                'smaller (text|font|fonts|letters)',
                '(text|font|letters) [is|are] too (big|large)',
            ],
            de: [
                '(mach|mache|machen|stelle) [sie] (text|schrift|buchstaben|schriftgrosse) kleiner',
                '(kleinere|kleiner) (schrift|text|buchstaben)',
                '(schrift|text|schriftgrosse) (kleiner|verkleinern|verringern|kleiner machen|kleiner stellen)',
                '(verkleinere|verringere) (schrift|text|schriftgrosse)',
                '(schrift|text) ist [mir] zu gross',
            ],
            ar: ['(صغر|تصغير|قلل|تقليل) [حجم] (خط|نص|كتابة)', '(خط|نص) (اصغر|كبير جدا)'],
        },
        exact: {
            en: ['(set|change|make) (text|font) [size] [to] {number} [percent]', '(text|font) size {number} [percent]'],
            de: [
                '(setze|stelle|stell) (schrift|schriftgrosse|textgrosse) auf {number} [prozent]',
                '(schriftgrosse|textgrosse) [auf] {number} [prozent]',
            ],
            ar: ['(اجعل|اضبط) حجم (خط|نص) [على|إلى] {number}'],
        },
        usual: {
            en: ['(reset|normal) (text|font) size', '(text|font) size (normal|default)'],
            de: ['(normale|ubliche) (schriftgrosse|textgrosse)', '(schriftgrosse|textgrosse) (zurucksetzen|normal)'],
            ar: ['حجم (خط|نص) (عادي|افتراضي)'],
        },
    },
    'cursor-size': {
        schema: 'org.gnome.desktop.interface',
        key: 'cursor-size',
        least: 16,
        most: 128,
        stride: 16,
        isWhole: true,
        name: () => _('the size of the pointer'),
        shown: value => ngettext('{count} pixel', '{count} pixels', value),
        said: number => number,
        more: {
            en: [
                'make (cursor|pointer|mouse pointer|mouse cursor) [size] (bigger|larger)',
                '(bigger|larger) (cursor|pointer|mouse pointer|mouse cursor)',
                '(cursor|pointer|mouse pointer) is too small',
            ],
            de: [
                '(mach|mache|machen) [sie] (mauszeiger|zeiger|cursor) grosser',
                '(grosserer|grosseren|grosser) (mauszeiger|zeiger|cursor)',
                '(mauszeiger|zeiger|cursor) (grosser|vergrossern|grosser machen)',
            ],
            ar: ['(كبر|تكبير) (مؤشر|مؤشر فأرة)', '(مؤشر|مؤشر فأرة) اكبر'],
        },
        less: {
            en: [
                'make (cursor|pointer|mouse pointer|mouse cursor) [size] smaller',
                'smaller (cursor|pointer|mouse pointer|mouse cursor)',
                '(cursor|pointer|mouse pointer) is too (big|large)',
            ],
            de: [
                '(mach|mache|machen) [sie] (mauszeiger|zeiger|cursor) kleiner',
                '(kleinerer|kleineren|kleiner) (mauszeiger|zeiger|cursor)',
                '(mauszeiger|zeiger|cursor) (kleiner|verkleinern|kleiner machen)',
            ],
            ar: ['(صغر|تصغير) (مؤشر|مؤشر فأرة)', '(مؤشر|مؤشر فأرة) اصغر'],
        },
        exact: {
            en: ['(set|change|make) (cursor|pointer) size [to] {number} [pixels]'],
            de: ['(setze|stelle) (zeigergrosse|cursorgrosse) auf {number} [pixel]'],
            ar: ['(اجعل|اضبط) حجم مؤشر [على|إلى] {number}'],
        },
        usual: {
            en: ['(reset|normal) (cursor|pointer) size'],
            de: ['(normale|ubliche) (zeigergrosse|cursorgrosse)'],
            ar: ['حجم مؤشر (عادي|افتراضي)'],
        },
    },
    'screen-blank': {
        schema: 'org.gnome.desktop.session',
        key: 'idle-delay',
        least: 60,
        most: 3600,
        stride: 300,
        isWhole: true,
        name: () => _('the time until the screen turns off'),
        shown: value => (value === 0 ? _('never') : ngettext('{count} minute', '{count} minutes', value / 60)),
        said: number => number * 60,
        more: {
            en: [
                '(keep|leave) screen on longer',
                'screen (turns off|goes off|goes dark|blanks|dims) too (soon|early|quickly|fast)',
            ],
            de: ['bildschirm (langer anlassen|langer an lassen)', 'bildschirm geht zu (schnell|fruh) aus'],
            ar: ['(ابق|اترك) شاشة (مضاءة|تعمل) (أطول|لفترة أطول)'],
        },
        less: {
            en: ['turn screen off (sooner|earlier)'],
            de: ['bildschirm (fruher|eher) (ausschalten|abschalten)'],
            ar: ['اطفئ شاشة (مبكرا|أسرع)'],
        },
        exact: {
            en: [
                'turn (off screen|screen off) after {number} (minute|minutes)',
                'blank screen after {number} (minute|minutes)',
            ],
            de: ['bildschirm nach {number} (minute|minuten) (ausschalten|abschalten)'],
            ar: ['(اطفئ|إطفاء) شاشة بعد {number} (دقيقة|دقائق)'],
        },
        usual: { en: [], de: [], ar: [] },
    },
    'lock-delay': {
        schema: 'org.gnome.desktop.screensaver',
        key: 'lock-delay',
        least: 0,
        most: 3600,
        stride: 60,
        isWhole: true,
        name: () => _('the time until the dark screen locks'),
        shown: value => ngettext('{count} minute', '{count} minutes', value / 60),
        said: number => number * 60,
        more: { en: ['lock screen later'], de: ['bildschirm später sperren'], ar: ['اقفل شاشة لاحقا'] },
        less: {
            en: ['lock screen (sooner|earlier)'],
            de: ['bildschirm (früher|eher) sperren'],
            ar: ['اقفل شاشة أبكر'],
        },
        exact: {
            en: ['lock screen [automatically] {number} (minute|minutes) after [it] [turns] [off|dark]'],
            de: ['bildschirm {number} (minute|minuten) nach [dem] ausschalten sperren'],
            ar: ['اقفل شاشة بعد {number} (دقيقة|دقائق)'],
        },
        usual: { en: [], de: [], ar: [] },
    },
    'night-light-warmth': {
        schema: 'org.gnome.settings-daemon.plugins.color',
        key: 'night-light-temperature',
        least: 1000,
        most: 10_000,
        stride: 500,
        isWhole: true,
        name: () => _('the color temperature of the night light'),
        shown: value => `${value} K`,
        said: number => number,
        more: {
            en: ['make night light (cooler|weaker|less warm)'],
            de: ['nachtlicht (kühler|schwächer|weniger warm) [machen|stellen]'],
            ar: ['اجعل ضوء ليلي (أبرد|أضعف)'],
        },
        less: {
            en: ['make night light (warmer|stronger)'],
            de: ['nachtlicht (wärmer|stärker) [machen|stellen]'],
            ar: ['اجعل ضوء ليلي (أدفأ|أقوى)'],
        },
        exact: {
            en: ['(set|change) night light [temperature] to {number} [kelvin]'],
            de: ['(setze|stelle) nachtlicht auf {number} [kelvin]'],
            ar: ['(اضبط|اجعل) ضوء ليلي على {number}'],
        },
        usual: { en: [], de: [], ar: [] },
    },
    workspaces: {
        schema: 'org.gnome.desktop.wm.preferences',
        key: 'num-workspaces',
        least: 1,
        most: 36,
        stride: 1,
        isWhole: true,
        name: () => _('the number of fixed workspaces'),
        shown: value => String(value),
        said: number => number,
        more: {
            en: ['(add|one more) workspace'],
            de: ['(eine arbeitsfläche mehr|arbeitsfläche hinzufügen)'],
            ar: ['أضف مساحة عمل'],
        },
        less: {
            en: ['(remove workspace|one workspace less)'],
            de: ['(eine arbeitsfläche weniger|arbeitsfläche entfernen)'],
            ar: ['احذف مساحة عمل'],
        },
        exact: {
            en: ['(set|use|have) [number of] workspaces to {number}', '(use|have) {number} workspaces'],
            de: ['{number} arbeitsflächen [verwenden|benutzen]'],
            ar: ['استخدم {number} مساحات عمل'],
        },
        usual: { en: [], de: [], ar: [] },
    },
} as const satisfies Record<string, Scale>;

export type SwitchName = keyof typeof switches;
export type ScaleName = keyof typeof scales;
/** The rows as what they have in common. */
export const switchOf = (name: SwitchName): Switch => switches[name];
export const scaleOf = (name: ScaleName): Scale => scales[name];
