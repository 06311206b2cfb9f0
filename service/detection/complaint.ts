import { isStranger, programName } from './programs.ts';

/**
 * What programs say of failures in words of their own, where no rule knows the line. It is told from how bad the program itself
 * calls it, from words for what did not work, and from what else the line says: who was to blame, and whether it went on. For
 * text only, where a line is judged by itself. Every expression is linear in the length of the message.
 */

/** Levels of syslog by the words of whatever else writes logs: log4j, Python, glog, logrus, PostgreSQL, Xorg, apt, Telegraf. */
const levels = new Map(
    Object.entries({
        1: 'emerg emergency panic alert',
        2: 'crit critical fatal severe f c',
        3: 'err error eror ee e',
        4: 'warn warning wrn ww w',
        5: 'notice note hint statement detail context',
        6: 'info inf information ii i verbose',
        7: 'debug dbg trace d',
    }).flatMap(([level, words]) => words.split(' ').map(word => [word, Number(level)] as const)),
);
const level =
    'emerg(?:ency)?|panic|alert|crit(?:ical)?|fatal|severe|err|error|eror|warn|warning|wrn|notice|note|hint|info|inf|information|verbose|debug|dbg|trace';
/** Where the head of a message is over. */
const headOfMessage = 160;
const ownLevel = new RegExp(
    [
        // `[error]`, `<warn>`, `[core:error]`, `fatal:`, `Error:`, `"level":"error"`, `[ERROR   ]`, `ERROR[811]`
        String.raw`(?:^|[\s[<(|:"])(${level}) {0,4}(?=[\]>:|")!]|\[\d|/[A-Z])`,
        String.raw`\b(?:level|lvl|severity|prio|priority)[=:] ?"?(${level})\b`,
        // ` ERROR `, as log4j and Java's own logger have it.
        String.raw`(?:^|\s)(?-i:(EMERG|ALERT|CRIT|CRITICAL|FATAL|SEVERE|ERROR|ERR|WARN|WARNING|NOTICE|INFO|DEBUG|TRACE))(?=\s)`,
        // What PostgreSQL adds to an error.
        String.raw`(?:^|\s)(?-i:(STATEMENT|DETAIL|CONTEXT))(?=: )`,
        String.raw`\((EE|WW|II)\)`,
        String.raw`(?:^|\s)([EWID])!(?= )`,
        // glog's `E0301 10:11:12.123456`, MongoDB's `"s":"E"`, apt's `E: `
        String.raw`^([EWIF])(?=\d{4} \d\d:)`,
        String.raw`"s":"([FEWID])"`,
        String.raw`^([EW])(?=: )`,
        // GlusterFS: `[2024-03-01 10:11:12.123456] E [`
        String.raw`\] ([EWCID]) \[`,
    ].join('|'),
    'i',
);

/** How bad the program calls it, as a level of syslog; null when it does not say. */
function levelOf(message: string): number | null {
    const found = ownLevel.exec(message.slice(0, headOfMessage));
    const word = found?.slice(1).find(Boolean);
    return word === undefined ? null : (levels.get(word.toLowerCase()) ?? null);
}

/** Cisco's routers have it in what stands for the program: `%SEC-6-IPACCESSLOGP: `. */
function levelOfRouter(program: string): number | null {
    const found = program.startsWith('%') ? /^%\w{1,32}-([0-7])-/.exec(program)?.[1] : undefined;
    return found === undefined ? null : Number(found);
}

const not = String.raw`(?:fail(?:ed|s|ure|ing)? to|unable to|not able to|could not|couldn'?t|can ?not|can't|can 't)`;

/** What did not work, in words that leave no doubt. */
const certain = new RegExp(
    [
        String.raw`${not} (?:be )?(?:start|bind|listen|load|initiali[sz]e|init|allocate|fork|exec|run|mount|save|write|bring|lock|acquire|renew|boot|create|accept|continue|proceed|parse|apply|install|upgrade|restart|reload|spawn|commit|open|synchroni[sz]e|read|enable|access|connect|contact|reach|retrieve|download|fetch|resolve|configure|set ?up|attach|join|execute|chdir|map|stat|initialise)`,
        String.raw`${not} (?:\w+ ){0,3}(?:server|daemon|listener|socket|database|config\w*|certificate|key|backend|disk|device|interface|port|address)\b`,
        String.raw`\bstate[=: ]+"?(?:removed|faulted|degraded|unavail\w*|offline|failed|critical|down)\b|timer expired|missing ['"]?[;{}]`,
        'address already in use|no such file or directory|permission denied|operation not permitted|read-only file system|input/output error|no such device|too many open files|cannot allocate memory|out of memory|resource temporarily unavailable|no space left|quota exceeded|device or resource busy|exec format error|stale (?:nfs )?file handle|host is down|connection refused|no route to host|network is unreachable|name resolution|name or service not known|not a directory|is a directory',
        String.raw`(?:exit(?:ed|s)?|returned|status|return code|rc|code)(?: (?:with|on|due to))?(?: (?:exit|error|return))?(?: (?:status|code|value|signal))?[:= ]{0,2}\(?(?:exit (?:status|code)[:= ]+)?(?![23]\d\d\b)-?[1-9]\d{0,4}\b(?! (?:rows?|results?|items?|records?|entries)\b)`,
        String.raw`exited abnormally|(?:killed|terminated|died|exited)(?: unexpectedly)? (?:by|on|with|due to)? ?(?:a )?(?:signal|sig[a-z]{3,4}|status [1-9])|core dumped|segmentation fault|exit signal|\bpanic\b(?! (?:button|handler|hook)| ?= ?\d)|crashed(?!\.\w)|stack trace|backtrace`,
        String.raw`\b(?:is|are|was|has|have) (?:been )?(?:not running|down|dead|unreachable|offline|unavailable|not available|not responding|not reachable|full|corrupt(?:ed)?|damaged|missing|lost|degraded|broken|died|faulted|expired|disabled due)\b`,
        String.raw`unknown (?:directive|option|keyword|setting|user|group|facility|command|parameter|variable|configuration|module|statement|attribute)|syntax error|parse error|parsing error|(?:bad|invalid|illegal|malformed|wrong) (?:configuration|config|command|file mode|option|directive|minute|hour|keyword|syntax|line|entry|argument|parameter|magic|superblock|checksum|owner\w*|permission)|misspelled|semicolon expected|unexpected (?:token|end of file|character)|must be owned|too open|insecure (?:permission|ownership)|errors? (?:encountered|in (?:the )?(?:config\w*|line|file))|configuration (?:error|file error)|not (?:a )?valid|undefined (?:symbol|reference|method|function)`,
        String.raw`giv(?:e|es|ing|en) up|gave up|max(?:imum)? (?:number of )?retr|retries (?:exceeded|exhausted)|too many retr|\baborting\b|(?:[,;:-] |\b(?:is|not)\b.{0,64})exiting(?:[. ]*$| due| with)|\bterminating\b due|bailing out|(?:re)?start(?:ed|ing|s)? too (?:quickly|fast|often)|crash loop|throttling`,
        String.raw`max(?:imum)?[ _]?[\w ]{0,32} (?:reached|exceeded)|limit (?:\(\d+\) )?(?:has been )?(?:reached|exceeded|hit)|over (?:the )?limit|too many (?:clients|connections|processes|open|files)|exhausted|not enough (?:memory|space)|insufficient`,
        String.raw`time(?:d)?[- ]?out (?:occurred|waiting|while|after|expired|reached)|timed out|no (?:response|answer|reply) (?:from|to)|not respond(?:ing|ed)?\b`,
        String.raw`split-?brain|flood stage|unrecogni[sz]ed (?:directive|variable|option|command)|near '[^']{0,32}': |(?:connection|link|communications?|contact|quorum|carrier|power|leader)(?: to \S+| with \S+)? (?:lost|failed|failure)|lost (?:connection|communications?|contact|quorum|leader|power)|unreachable|data loss|inconsisten|corruption|out of sync`,
        String.raw`no (?:such (?:device|process|service|table|module)|module named|(?:working|usable|suitable|valid|available) \w+|(?:servers?|backends?|screens|credentials|subnet declaration|key|certificate|memory|free \w+) (?:found|available|reachable|reserved|for|left))`,
        'error (?:connecting|opening|reading|writing|loading|creating|starting|binding|accessing) |predicted to fail|fatal error|unrecoverable|uncaught exception|unhandled exception|traceback \\(most|exception in thread|undefined index: fatal|bootstrap checks failed|boot failed|startup failed|initiali[sz]ation failed|iface failed|crash report|no address range|no (?:free )?leases?\\b|has insufficient free|no key available|action suspended|will not provide|\\b500 oops\\b|no sockets|missing newline before eof|running out of|took too long|conflict with|matches resource limit|(?:is|are) (?:too (?:low|small|old|big|large)|not secure|insecure)|health check failed|problem running|dad detected|abandoning ip|in bad state|reached (?:the )?(?:\\w+\\.)?max|rejecting connections|server available|fault state',
    ].join('|'),
);

/** What did not work, in words that are also said of what matters little. */
const likely = new RegExp(
    [
        not,
        String.raw`\bfailed\b|\bfailure\b|\berrors?\b(?![._-]?logs?\b|[./]\w| (?:handlers?|handling|messages?|pages?|thresholds?|outputs?|correct\w+|rates?|report\w*|polic\w+|counters?|budget|was 0)\b|-?polic)|\bfaulty?\b|\bfaulted\b|\brefused\b|\bdenied\b|\brejected\b|\bnot found\b|\bmissing\b|\bmismatch`,
        String.raw`\bdied\b|\bdead\b|\bcorrupt|\babort(?:ed)?\b|\blost\b|does not exist|doesn't exist|not allowed|not permitted|exceeds?\b|exceeded|suspended|does not match|\bcritical\b(?! (?:section|path)s?\b)|\[alarm\]|unknown service|is stale`,
    ].join('|'),
);

/** It went on all the same, is about to, or never mattered. */
const mild = new RegExp(
    [
        String.raw`\bretry(?! 0\b)|\btrying again|\btry again|\bwill (?:wait|be retried|re-?connect)|re-?connect(?:ing|ed)|(?<!not )\brecover(?:ed|ing)\b|\bresumed\b|\brestored\b|(?<!un|not )success|(?<!not )succeeded|working again|\bis (?:now )?(?:up|ok|reachable|back|online|healthy|running)\b|fall(?:ing|s)? ?back|using (?:default|fallback)|by default|(?<!file will be )ignor(?:ed|ing|e)\b|trying next|logging errors|max errors|\bservfail\b|error is refused|skipp(?:ed|ing)\b|not an error|harmless|\b(?:no|0|zero|without) (?:errors?|failures?|failed)|(?:err(?:or)?s?|fail(?:ed|ures?)|missing(?: files)?|exception)\"?(?:[:=] ?| )(?:0\b(?!\.\d*[1-9])|\"\"|null\b|nil\b|<nil>|none\b|false\b|\[\])|error rate:? 0(?:\.0+)?\b|(?:check|scann?)ing for |by user\b|fixed\b|deprecat|obsolete|not supported|unsupported|not implemented|optional|\(yet\?\)|not needed|not required|please report|nothing to do|up to date|is normal|(?:already|still) (?:been )?(?:running|started|in progress|registered|loaded|active|exists|up|mounted|dead)|not yet|no longer|may not be|no updates available|running apps|carrier lost|lost carrier|lost the connection|no medium|\bresolving '|shutdown failed|not found in map source|container died|managed-keys|/dev/fb\d|(?:can't|cannot) locate module|in use, exiting|-\d\S{0,64} (?:installed|erased|removed|upgraded|updated)$|lost=0|gethostby|could not reliably|/dev/xconsole|asound\.state|failed to get parent|failed to load plugin|running as root|action=greylist|libpci|canberra|gtk module|: network is down|daemon is exiting|without any|fe80::|signal (?:15|1|2|3)\b|sig(?:term|hup|int)\b|\bterm signal|exceeds tolerance|\brmdir\b|;soft;|;ok;|aborted connection|no reply; clock|(?:re)?start(?:ing|ed) again`,
        // What frameworks of macOS write of each object.
        String.raw`error domain=|com\.apple|[-+]\[[a-z]\w*[ (]|\bxpc\b|tcp_connection_|\[lvl=|outlet from|<\w+: 0x|\bmdworker|0x7f[0-9a-f]{8}`,
        // What Qt, Chromium and X write of themselves, and of interfaces in QML.
        String.raw`file:///\S{1,256}\.(?:qml|js):\d|^(?:qt|kf|kwin|org\.kde)[\w.]{0,48}: |^\[\d+:\d+:\d{4}/\d{6}\.\d+:|\b(?:x|xcb|gl|fontconfig) error\b|badwindow|\bcrit ?= `,
        String.raw`assertion '[^']{0,80}' failed|-critical \*\*|-warning \*\*|js error|org\.freedesktop\.dbus\.error|gdbus\.error|dbus\.error`,
        String.raw`\bcmd\b ?\(|command=|_raw_params|\bpreauth\]|logged (?:in|out)|session (?:opened|closed)|scan(?:ned|ning)\b|monitor(?:ing|ed)\b|statistics|\bstat=|dsn=`,
    ].join('|'),
);

/** Somebody at the other end is to blame, and will be there again. */
const ofOthers = new RegExp(
    [
        String.raw`\bclients?\b|\bpeer\b|\brhost=|\bremote host|\bfrom (?:unknown|user|host|\[?\d{1,3}\.\d|\S+\[\d|<)|\brip=|\bauth(?:entication)? fail|login (?:fail|incorrect)|fail(?:ed|ure) (?:password|login|auth)|failed password|incorrect password|bad password|using password|password (?:auth|check|mismatch)|failed su\b|user unknown|no such user|invalid user|relay access|reverse (?:mapping|lookup)|\bhttp/[12]|"(?:get|post|head) /|broken pipe|connection (?:was )?(?:reset|closed|aborted)|disconnect|connection from|incoming connection|\): unknown user|\bsmtp-in\b|ssl_accept|pam_authenticate\(\) failed|lookup for \S+ failed|modsecurity|ruleset=|reject=[45]\d\d|lost input channel|login attempts|authentication: failed|\[af_inet6?\]|transport endpoint is not connected|(?<!unexpected )end of file|status(?:":|=| )4\d\d\b|error notify|\bspam\b|handshake|no shared cipher|wrong version number|unknown protocol|unknown ca\b|referer|to=<|helo=|not in whitelist|no such container`,
    ].join('|'),
);
/** A limit of the program's own is reached, whoever asked for too much. */
const ofLimits =
    /(?<!rate )limit\w* (?:\(\d+\) )?(?:has been )?(?:reached|exceeded|hit)|too many (?:clients|connections)|maximum number of|reached (?:max|pm\.)|upstream/;

/** Programs of a session, and what talks to anybody on the network, say of each little thing that it failed. */
const chatty =
    /^(?:gnome|gsd-|gvfs|kde|krunner|kactivit|kglobal|kaccess|kio|konsole|dolphin|xembed|systemsettings|sddm-greeter|lightdm-[a-z]*greeter|blueman|xfce|xfwm|xfdesktop|xfsettings|mate-|marco|cinnamon|lxqt|budgie|gala$|bamf|org_|[\w.-]{1,64}\.desktop$|plasma|kwin|ksmserver|kscreen|baloo|akonadi|org\.|com\.|avahi|evolution|tracker|localsearch|xdg-|at-spi|ibus|fcitx|nautilus|nemo|caja|firefox|thunderbird|chrom|google-chrome|brave|code$|slack|discord|spotify|teams|telegram|steam|signal-|goa-|gjs|mutter|dbus|thunar|muffin|lxpanel|pcmanfm|sway|waybar|hypr|electron|codium|obsidian|vlc|mpv|zoom|syncthing|transmission|qbittorrent|deluge|nextcloud|owncloud|dropbox|deja-dup|geoclue|accounts-daemon|iio-sensor|switcheroo|power-profiles|zeitgeist|wine|sshd|dropbear|sandboxd|mdnsresponder|colord|irqbalance|spamd|opendkim|opendmarc|whoopsie|apport|ansible|audit$|kernel$|audispd|rtkit|\(|modprobe|uhttpd|in\.tftpd|su$|sudo$|login$|systemd$|systemd-(?:logind|udevd|resolved|journald|xdg|hostnamed|localed|user-sessions))/;
/** Of these only what leaves no doubt counts. */
const talkative =
    /^(?:gdm|lightdm|sddm|pulseaudio|pipewire|wireplumber|bluetoothd|wpa_supplicant|udisks|upowerd|snmpd|nrpe|tor$|named|polkit|pkexec|networkmanager|nm-|modemmanager|rpc\.idmapd|smbd|nmbd|xorg|x$|libvirtd|virtqemud)/;

/** What is fatal to one connection of theirs is not so to them. */
const ofServers = /^(?:nginx|httpd|apache|postgres|mysqld|mariadbd|sshd|dropbear|squid|dovecot|imap|pop3)/;

/** Literals one of which is in every message that `isComplaint` may be true of. */
export const wordsOfComplaint = [
    'fail',
    'error',
    'unable',
    'not able to',
    'cannot',
    "can't",
    'could not',
    "couldn't",
    'can not',
    'fatal',
    'panic',
    'crit',
    'severe',
    'denied',
    'refused',
    'not found',
    'missing',
    'mismatch',
    'died',
    ' down',
    'offline',
    'corrupt',
    'timeout',
    'timed out',
    'abort',
    ' lost',
    'not exist',
    "doesn't exist",
    'not allowed',
    'not permitted',
    'exceed',
    'exited',
    'exit ',
    'exiting',
    'no such',
    'in use',
    'unreachable',
    'unavailable',
    'not running',
    'not respond',
    'not reachable',
    'not available',
    'gave up',
    'giving up',
    'too many',
    'maximum',
    'exhausted',
    'insufficient',
    'not enough',
    'no space',
    'out of memory',
    'by signal',
    'on signal',
    'with signal',
    'traceback',
    'exception',
    'syntax',
    'illegal',
    'malformed',
    'misspelled',
    'must be owned',
    'no response',
    'no answer',
    'throttl',
    'damaged',
    'degraded',
    'broken',
    'unexpected',
    'semicolon expected',
    'returned',
    'terminated',
    '(ee)',
    ' e! ',
    'alarm',
    'no module',
    'no address range',
    'no lease',
    'no free lease',
    'took too long',
    'resource limit',
    'not secure',
    'dad detected',
    'abandoning ip',
    'bad state',
    'no suitable',
    'no subnet',
    'no usable',
    'no valid',
    'no working',
    'no server',
    'rejecting connections',
    'over limit',
    'state removed',
    'too open',
    'insecure',
    'read-only',
    'no route',
    'is full',
    'split-brain',
    'flood stage',
    'unrecogni',
    'unrecover',
    'inconsisten',
    'out of sync',
    'name resolution',
    'is a directory',
    'not a directory',
    'too quickly',
    'too fast',
    'too often',
    'not valid',
    'not a valid',
    '"s":"e"',
    '"s":"f"',
    'eror',
    'no memory',
    'faulty',
    'faulted',
    ' fault ',
    '[alert]',
    'alert:',
    '[emerg]',
    'reached max',
    'reached pm',
    'unknown directive',
    'unknown option',
    'unknown keyword',
    'unknown setting',
    'unknown user',
    'unknown group',
    'unknown facility',
    'unknown command',
    'unknown parameter',
    'unknown variable',
    'unknown configuration',
    'unknown module',
    'unknown service',
    'invalid command',
    'invalid config',
    'invalid option',
    'invalid value',
    'invalid entry',
    'invalid argument',
    'invalid parameter',
    'invalid key',
    'invalid magic',
    'limit reached',
    '_limit (',
    'conflict with',
    'too low',
    'too small',
    'timer expired',
    'certificate is expired',
    'resource busy',
    'stale file',
    'stale nfs',
    'is dead',
    'bad config',
    'bad command',
    'bad file',
    'bad option',
    'bad super',
    'bad minute',
    'undefined symbol',
    'undefined method',
    'undefined function',
    'crashed',
    'crash loop',
    'crash report',
    'is stale',
    'lost connection',
    'data loss',
    'no key',
    'will not provide',
    '500 oops',
    'no sockets',
    'running out',
    'problem running',
    'suspended',
];

/** Applications have names of several words; those of daemons, which a few have too, are known. */
function isOfDesktop(identifier: string): boolean {
    return isStranger(identifier) && /[a-z][A-Z]|(?:agent|helper|service|gui|tray|applet|desktop)$/.test(identifier);
}

/** @param folded the message with its letters in lower case */
export function isComplaint(identifier: string, message: string, folded: string, priority: number | null): boolean {
    const program = programName(identifier);
    if (priority !== null && priority >= 6) return false;
    const own = levelOf(message) ?? levelOfRouter(program);
    if (chatty.test(program) && (own === null || own > 2)) return false;
    if (mild.test(folded)) return false;
    if (own !== null && own >= 5) return false;
    const isFatal = own !== null && own <= 2 && !ofServers.test(program);
    if (!isFatal && ofOthers.test(folded) && !ofLimits.test(folded)) return false;
    const isSure = certain.test(folded);
    if (talkative.test(program)) return isSure && (own === null || own <= 4);
    // What PostgreSQL calls an error is mostly one of whoever asked.
    if (own !== null && own <= (program.startsWith('postgres') ? 2 : 3)) return true;
    return isSure || (own === null && !isOfDesktop(identifier) && likely.test(folded));
}
