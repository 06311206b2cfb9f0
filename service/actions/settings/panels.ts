import { _ } from '../../i18n/i18n.ts';
import type { Phrases } from '../wish.ts';

/** The pages of GNOME Settings that Reeve opens for what only a person can do, and how people ask for that. */
type Panel = {
    /** Arguments of gnome-control-center(1): the panel, and a page in it. */
    page: readonly [string, ...string[]];
    /** Its desktop entry is gnome-NAME-panel.desktop: GNOME Settings 48 to 50 have it. */
    entry: string;
    /** What one does there. */
    hint: () => string;
    wishes: Phrases;
};

/** "Open the X settings", as each language says it. */
function settingsOf(names: Phrases, more: Phrases): Phrases {
    return {
        en: [
            ...names.en.flatMap(name => [
                `(open|show|go to) ${name} [settings|preferences|panel]`,
                `${name} (settings|preferences)`,
            ]),
            ...more.en,
        ],
        de: [
            ...names.de.flatMap(name => [
                `(öffne|zeige) [einstellungen] [fur] ${name}`,
                `${name} (öffnen|einstellungen|einstellen)`,
                `einstellungen fur ${name}`,
            ]),
            ...more.de,
        ],
        ar: [...names.ar.flatMap(name => [`(افتح|اظهر) [إعدادات] ${name}`, `إعدادات ${name}`]), ...more.ar],
    };
}

const panels = {
    printers: {
        page: ['printers'],
        entry: 'printers',
        hint: () => _('“Add Printer…” looks for printers on the network and on USB.'),
        wishes: settingsOf(
            { en: ['printer'], de: ['drucker'], ar: ['طابعات'] },
            {
                en: [
                    '(add|set up|setup|install|connect|configure) [new|another] printer',
                    '(add|connect) printer to computer',
                ],
                de: [
                    '[neuen] drucker (hinzufügen|einrichten|installieren|verbinden|anschliessen)',
                    '(richte|füge) [neuen] drucker (ein|hinzu)',
                ],
                ar: ['(اضف|إضافة|ثبت|إعداد) طابعة [جديدة]'],
            },
        ),
    },
    users: {
        page: ['system', 'users'],
        entry: 'users',
        hint: () =>
            _(
                'Passwords, pictures and names of accounts, and new accounts, are set there. Reeve never sees a password.',
            ),
        wishes: settingsOf(
            {
                en: ['(user|users|user account|account)'],
                de: ['(benutzer|benutzerkonten|konten)'],
                ar: ['(مستخدمين|حسابات)'],
            },
            {
                en: [
                    '(change|set|reset) [user|login|account] (password|passwort|fingerprint|user picture|profile picture|avatar)',
                    '(add|create|new|delete|remove) [new] (user|user account|account for somebody)',
                    '(add|set up|register) fingerprint',
                    '(turn on|enable|turn off|disable) automatic login',
                ],
                de: [
                    '[anmelde|benutzer] (passwort|kennwort|benutzerbild|profilbild) (ändern|setzen|zurücksetzen)',
                    '(ändere|setze) (passwort|kennwort|benutzerbild|profilbild)',
                    '[neuen] benutzer (anlegen|hinzufügen|löschen|erstellen)',
                    'fingerabdruck (einrichten|hinzufügen)',
                ],
                ar: [
                    '(غير|تغيير) (كلمة مرور|كلمة سر|صورة مستخدم)',
                    '(اضف|إضافة|احذف) مستخدم [جديد]',
                    '(اضف|إضافة) بصمة',
                ],
            },
        ),
    },
    bluetooth: {
        page: ['bluetooth'],
        entry: 'bluetooth',
        hint: () => _('Turn on pairing on the other device, then choose it in the list.'),
        wishes: settingsOf(
            { en: ['bluetooth'], de: ['bluetooth'], ar: ['بلوتوث'] },
            {
                en: [
                    '(connect|pair|add) [new|bluetooth] (phone|headphones|headset|earbuds|speaker|bluetooth device|bluetooth mouse|bluetooth keyboard|game controller|controller)',
                    '(connect|pair|add) (headphones|headset|speaker|phone|mouse|keyboard) (with|over|via|by) bluetooth',
                    'pair [new] [bluetooth] device',
                ],
                de: [
                    '[bluetooth] (handy|telefon|kopfhörer|headset|lautsprecher|bluetooth-gerät|controller) (verbinden|koppeln|hinzufügen)',
                    '(verbinde|kopple) [bluetooth] (handy|telefon|kopfhörer|headset|lautsprecher|bluetooth-gerät|controller)',
                ],
                ar: ['(اقرن|وصل|اربط|توصيل|إقران) (هاتف|سماعات|سماعة|جهاز بلوتوث)'],
            },
        ),
    },
    network: {
        page: ['network'],
        entry: 'network',
        hint: () => _('A VPN is added with “+” beside its heading. Your provider gives you its file or its data.'),
        wishes: settingsOf(
            { en: ['(network|proxy|vpn)'], de: ['(netzwerk|proxy|vpn)'], ar: ['(شبكة|وكيل|vpn)'] },
            {
                en: [
                    '(add|set up|setup|create|import|configure) [new] (vpn|vpn connection|proxy|wireguard)',
                    '(set|change) (dns|dns server|static ip|ip address|proxy)',
                ],
                de: [
                    '[neues] (vpn|vpn-verbindung|proxy|wireguard) (hinzufügen|einrichten|anlegen)',
                    '(dns|ip-adresse|proxy) (ändern|setzen|einstellen)',
                ],
                ar: ['(اضف|إضافة|إعداد) (vpn|شبكة افتراضية|وكيل)', '(غير|تغيير) (dns|عنوان ip)'],
            },
        ),
    },
    wifi: {
        page: ['wifi'],
        entry: 'wifi',
        hint: () => _('Choose the network, and type its password there.'),
        wishes: settingsOf(
            { en: ['(wifi|wi-fi|wlan)'], de: ['(wlan|wifi)'], ar: ['(واي فاي|شبكات لاسلكية)'] },
            {
                en: [
                    '(connect|connect me) to (wifi|wi-fi|new wifi|new network|another network|hidden network|wireless)',
                    '(add|join) [new|hidden] (wifi|wi-fi|network)',
                    'set up (wifi|wi-fi|hotspot)',
                ],
                de: [
                    '[mit] [neuem] (wlan|wifi) verbinden',
                    '(verbinde|verbinden) [mich] mit [neuem] (wlan|wifi)',
                    '(wlan|hotspot) einrichten',
                ],
                ar: ['(اتصل|اتصال) (واي فاي|بالواي فاي|بشبكة جديدة)'],
            },
        ),
    },
    display: {
        page: ['display'],
        entry: 'display',
        hint: () =>
            _(
                'Resolution, scale, rotation and the order of screens are set there. A change is taken back unless you confirm it.',
            ),
        wishes: settingsOf(
            {
                en: ['(display|screen|monitor|displays)'],
                de: ['(bildschirm|bildschirme|monitor|anzeige)'],
                ar: ['(شاشة|شاشات|عرض)'],
            },
            {
                en: [
                    '(change|set) (resolution|screen resolution|refresh rate|screen scale|display scale|orientation)',
                    '(set up|add|connect|arrange|rotate|mirror) [second|external] (monitor|monitors|screen|screens|display|projector)',
                ],
                de: [
                    '(auflösung|bildschirmauflösung|bildwiederholrate|skalierung) (ändern|einstellen)',
                    '(ändere|stelle) (auflösung|bildschirmauflösung|skalierung)',
                    '[zweiten|externen] (monitor|bildschirm|beamer) (anschliessen|einrichten|drehen|spiegeln)',
                ],
                ar: ['(غير|تغيير) (دقة شاشة|دقة عرض|مقياس)', '(اضف|وصل) شاشة [ثانية|خارجية]'],
            },
        ),
    },
    sound: {
        page: ['sound'],
        entry: 'sound',
        hint: () => _('The output and input device, and the volume of each program, are chosen there.'),
        wishes: settingsOf(
            { en: ['(sound|audio)'], de: ['(klang|ton|audio)'], ar: ['(صوت)'] },
            {
                en: [
                    '(choose|change|select|switch) (microphone|speaker|speakers|sound output|output device|input device|sound device)',
                    'test (microphone|speakers)',
                ],
                de: ['(mikrofon|lautsprecher|ausgabegerät|eingabegerät) (wählen|auswählen|wechseln|testen)'],
                ar: ['(اختر|غير) (ميكروفون|مكبر صوت|جهاز صوت)'],
            },
        ),
    },
    'online-accounts': {
        page: ['online-accounts'],
        entry: 'online-accounts',
        hint: () => _('Sign in to the provider there. Its calendar, mail and files then appear in the applications.'),
        wishes: settingsOf(
            {
                en: ['(online accounts|online account)'],
                de: ['(onlinekonten|online-konten)'],
                ar: ['حسابات (شبكية|إنترنت)'],
            },
            {
                en: [
                    '(add|connect|set up|sign in to) [my] (google|microsoft|nextcloud|exchange|online|mail|email|e-mail) [account]',
                ],
                de: [
                    '(google|microsoft|nextcloud|exchange|e-mail|mail) [konto] (hinzufügen|einrichten|verbinden)',
                    '(google-konto|nextcloud-konto|microsoft-konto|e-mail-konto) (hinzufügen|einrichten|verbinden)',
                ],
                ar: ['(اضف|إضافة|اربط) حساب (جوجل|غوغل|مايكروسوفت|نكست كلاود|بريد)'],
            },
        ),
    },
    keyboard: {
        page: ['keyboard'],
        entry: 'keyboard',
        hint: () => _('Layouts are added with “+” under Input Sources, and shortcuts are set further down.'),
        wishes: settingsOf(
            { en: ['keyboard'], de: ['tastatur'], ar: ['لوحة مفاتيح'] },
            {
                en: [
                    '(add|change|set|switch) (keyboard layout|keyboard language|input source|keyboard shortcut|shortcut|shortcuts)',
                ],
                de: [
                    '(tastaturlayout|tastaturbelegung|eingabequelle|tastenkürzel|tastenkombination) (ändern|hinzufügen|festlegen)',
                    '(ändere|füge) (tastaturlayout|tastaturbelegung|tastenkürzel) [hinzu]',
                ],
                ar: ['(اضف|غير|تغيير) (تخطيط لوحة مفاتيح|لغة لوحة مفاتيح|اختصار)'],
            },
        ),
    },
    region: {
        page: ['system', 'region'],
        entry: 'region',
        hint: () => _('A new language takes effect with the next log-in.'),
        wishes: settingsOf(
            { en: ['(language|region|region and language)'], de: ['(sprache|region)'], ar: ['(لغة|منطقة)'] },
            {
                en: ['(change|set|switch) [system|display|desktop] (language|region|date format|number format)'],
                de: [
                    '(sprache|systemsprache|region|datumsformat) (ändern|wechseln|einstellen)',
                    '(ändere|wechsle) (sprache|systemsprache|region|datumsformat)',
                ],
                ar: ['(غير|تغيير) لغة [نظام|حاسوب]'],
            },
        ),
    },
    applications: {
        page: ['applications'],
        entry: 'applications',
        hint: () => _('Default applications, and what each application may use, are set there.'),
        wishes: settingsOf(
            {
                en: ['(default applications|default apps|app permissions|application)'],
                de: ['(standardanwendungen|standard-apps|app-berechtigungen)'],
                ar: ['(تطبيقات افتراضية|أذونات تطبيقات)'],
            },
            {
                en: [
                    '(change|set|choose) (default browser|default application|default applications|default mail program|default program|app permissions)',
                ],
                de: [
                    '(standardbrowser|standardprogramm|standardanwendung) (ändern|festlegen|wählen)',
                    '(ändere|lege) (standardbrowser|standardprogramm|standardanwendung) [fest]',
                ],
                ar: ['(غير|تغيير) (متصفح افتراضي|تطبيق افتراضي)'],
            },
        ),
    },
    background: {
        page: ['background'],
        entry: 'background',
        hint: () => _('Choose a picture there, or add one of your own.'),
        wishes: settingsOf(
            {
                en: ['(background|wallpaper|appearance)'],
                de: ['(hintergrund|hintergrundbild|erscheinungsbild)'],
                ar: ['(خلفية|مظهر)'],
            },
            {
                en: ['(change|set) [desktop] (background|wallpaper|accent color|accent colour)'],
                de: [
                    '(hintergrundbild|hintergrund|akzentfarbe) (ändern|wechseln)',
                    '(ändere|wechsle) (hintergrundbild|hintergrund|akzentfarbe)',
                ],
                ar: ['(غير|تغيير) خلفية [سطح مكتب]'],
            },
        ),
    },
    sharing: {
        page: ['sharing'],
        entry: 'sharing',
        hint: () => _('Folders and media that others on the network may see are chosen there.'),
        wishes: settingsOf(
            { en: ['sharing'], de: ['freigabe'], ar: ['مشاركة'] },
            {
                en: ['share [folder|folders|files|media] (on|over|in) network', 'set up (file sharing|media sharing)'],
                de: ['(ordner|dateien|medien) (freigeben|im netzwerk freigeben)', 'dateifreigabe einrichten'],
                ar: ['شارك (مجلد|ملفات) [على شبكة]'],
            },
        ),
    },
    power: {
        page: ['power'],
        entry: 'power',
        hint: () => _('When the computer suspends by itself, and what the power button does, is set there.'),
        wishes: settingsOf(
            { en: ['(power|battery|energy)'], de: ['(energie|akku)'], ar: ['(طاقة|بطارية)'] },
            {
                en: ['(change|set) (power button|automatic suspend|what power button does)'],
                de: ['(ein-aus-taste|automatische bereitschaft) (ändern|einstellen)'],
                ar: ['(غير|اضبط) زر طاقة'],
            },
        ),
    },
} as const satisfies Record<string, Panel>;

export type PanelName = keyof typeof panels;
export const panelNames = Object.keys(panels) as [PanelName, ...PanelName[]];
/** The row as what all have in common. */
export const panelOf = (name: PanelName): Panel => panels[name];
