import { Phrasebook } from './phrases.ts';
import type { PhraseGroup } from './phrases.ts';

/** What a phrase means for a line that no rule knows. */
type Meaning =
    /** Something certainly failed. */
    | 'certain'
    /** The same, whatever level the program gives to it. */
    | 'grave'
    /** The words are also used for trivial events. */
    | 'likely'
    /** It went on all the same, is about to, or never mattered. */
    | 'mild'
    /** A peer is to blame, and will try again. */
    | 'of others'
    /** A limit of the program's own is reached, no matter which client asked for too much. */
    | 'own limit'
    /** A number after it is an exit status. */
    | 'status'
    /** A number after it is a count. */
    | 'count';

const couldNot = [
    '(failed|fails|fail|failing|failure) to',
    '(unable|not able) to',
    "(could not|couldn't|couldnt|cannot|can not|can't)",
];

const certain: readonly Omit<PhraseGroup<Meaning>, 'meaning'>[] = [
    {
        says: 'could not do what it is there for',
        phrases: couldNot.map(phrase => `${phrase}(| be)`),
        then: {
            begins: [
                ...[
                    'start',
                    'restart',
                    'boot',
                    'init',
                    'load',
                    'reload',
                    'run',
                    'exec',
                    'fork',
                    'spawn',
                    'chdir',
                    'continue',
                    'proceed',
                ],
                ...['bind', 'listen', 'accept', 'connect', 'reach', 'contact', 'attach', 'join', 'bring'],
                ...[
                    'retrieve',
                    'fetch',
                    'download',
                    'synchroni',
                    'open',
                    'create',
                    'read',
                    'write',
                    'save',
                    'stat ',
                    'map',
                    'mount',
                ],
                ...[
                    'lock',
                    'acquire',
                    'renew',
                    'allocate',
                    'commit',
                    'access',
                    'enable',
                    'configure',
                    'set up',
                    'setup',
                    'parse',
                ],
                ...['apply', 'install', 'upgrade'],
            ],
            within: 0,
        },
    },
    {
        says: 'could not do something with what it is there for',
        phrases: couldNot,
        then: {
            begins: [
                ...[
                    'server',
                    'daemon',
                    'listener',
                    'backend',
                    'socket',
                    'port',
                    'address',
                    'interface',
                    'device',
                    'disk',
                ],
                ...['database', 'configuration', 'config file', 'certificate', 'key'],
            ],
            within: 4,
        },
    },
    {
        says: 'errno, in the words of strerror(3)',
        phrases: [
            'address already in use',
            'cannot allocate memory',
            'connection refused',
            'device or resource busy',
            'exec format error',
            'host is down',
            'input/output error',
            'is a directory',
            'name or service not known',
            'name resolution',
            'network is unreachable',
            'no route to host',
            'no space left',
            'no such (device|file or directory)',
            'not a directory',
            'operation not permitted',
            'permission denied',
            '(disk |)quota exceeded',
            'read-only file system',
            'resource temporarily unavailable',
            'stale (nfs |)file handle',
            'too many open files',
        ],
    },
    {
        says: 'a process broke down',
        phrases: [
            'exited abnormally',
            '(killed|terminated|died|exited) (by|on|with|due to) (|a )sig*',
            '(killed|terminated|died|exited) unexpectedly',
            'exit signal',
            'core dumped',
            'segmentation fault',
            'panic',
            'crashed',
            'crash (loop|report)',
            'stack trace',
            'backtrace*',
            'traceback (most',
            '(uncaught|unhandled) exception',
            'exception in thread',
        ],
        except: ['panic (button|handler|hook)', 'panic=', 'panic ='],
    },
    {
        says: 'it is gone',
        phrases: [
            '(is|are|was|has|have) (been |)(not running|not available|not responding|not reachable|down|dead|unreachable|offline|unavailable|full|corrupt|corrupted|damaged|missing|lost|degraded|broken|died|faulted|expired|disabled due)',
            'state(=|: |:| |="|: ")(removed|faulted|degraded|unavail|unavailable|offline|failed|critical|down)',
            'unreachable',
        ],
    },
    {
        says: 'its configuration is wrong',
        phrases: [
            'unknown (directive|option|keyword|setting|user|group|facility|command|parameter|variable|configuration|module|statement|attribute)*',
            'unrecogni(s|z)ed (directive|variable|option|command)*',
            '(bad|invalid|illegal|malformed|wrong) (config|command|file mode|option|directive|minute|hour|keyword|syntax|line|entry|argument|parameter|magic|superblock|checksum|owner|permission)*',
            'errors (encountered|in)',
            'error (encountered|in config|in the config|in line|in file)*',
            'configuration (error|file error)',
            '(parse|parsing|syntax) error',
            'unexpected (token|end|character)',
            'undefined (symbol|reference|method|function)',
            'missing (\'|"|)(;|{|})',
            'misspelled',
            'semicolon expected',
            'not (|a )valid',
            'must be owned',
            'too open',
            'insecure (permission|ownership)*',
            '(is|are) (insecure|not secure)',
            '(is|are) too (low|small|old|big|large)',
            'conflict with',
        ],
    },
    {
        says: 'gave up',
        phrases: [
            '(give|gives|giving|given|gave) up',
            'aborting',
            'bailing out',
            '(,|;|:| -) exiting',
            'exiting (due|with)',
            'terminating due',
            'too many retr*',
            'max retr*',
            'maximum (number of |)retr*',
            'retries (exceeded|exhausted)',
            '(re|)start(ed|ing|s|) too (quickly|fast|often)',
            'throttling',
            'rejecting connections',
        ],
    },
    {
        says: 'a limit is reached',
        phrases: [
            'limit (|has been )(reached|exceeded|hit)',
            'over (|the )limit',
            'too many (clients|connections|processes|open|files)*',
            'exhausted',
            'not enough (memory|space)',
            'insufficient*',
            'out of memory',
            'running (out of|low on)',
            'reached (|the )(max|pm.max)*',
            'no (address range|lease|leases|free lease|free leases)',
        ],
    },
    {
        says: 'a limit is reached, behind its name',
        phrases: ['max_*', 'max number', 'maximum', '*limit ('],
        then: { begins: ['reached', 'exceeded', 'hit'], within: 4 },
    },
    {
        says: 'nobody answered',
        phrases: [
            '(timeout|time-out|time out|timed out) (occurred|waiting|while|after|expired|reached)',
            'timed out',
            'timer expired',
            'took too long',
            'no (response|answer|reply) (from|to)',
            'not respond(|ing|ed)',
        ],
    },
    {
        says: 'what it needs was lost',
        phrases: ['lost (connection|communication|communications|contact|quorum|leader|power)'],
    },
    {
        says: 'what it needs was lost, behind its name',
        phrases: ['(connection|communication|contact) (to|with)'],
        then: { begins: ['lost', 'was lost', 'has been lost'], within: 2 },
    },
    {
        says: 'parts do not agree',
        phrases: ['split(-|)brain', 'data loss', 'inconsisten*', 'corruption', 'out of sync'],
    },
    {
        says: 'there is none',
        phrases: [
            'no such (process|service|table|module)',
            'no module named',
            'no (working|usable|suitable|valid|available) *',
            'no (server|servers|backends|screens|credentials|subnet declaration|key|certificate|memory) (found|available|reachable|reserved|left|for)',
        ],
    },
    {
        says: 'an error of its own work',
        phrases: [
            'error (connecting|opening|reading|writing|loading|creating|starting|binding|accessing)',
            'fatal error',
            'unrecoverable',
            '(boot|startup|initialization|initialisation|bootstrap checks) failed',
        ],
    },
    {
        says: 'as single daemons put it',
        phrases: [
            // Disks: megaraid, smartd
            'predicted to fail',
            // Clusters: ceph, Elasticsearch, corosync
            'health check failed',
            'flood stage',
            'will not provide',
            // Networks: dhcpd, dhcpcd
            'abandoning ip',
            'dad detected',
            'in bad state',
            // rpc.mountd
            'no v2 or v3 listeners',
            // vsftpd, smbd, monit, ufw
            '500 oops',
            'no sockets',
            'matches resource limit',
            'problem running',
        ],
    },
];

const likely: readonly Omit<PhraseGroup<Meaning>, 'meaning'>[] = [
    { says: 'could not', phrases: couldNot },
    {
        says: 'failed',
        phrases: [
            '(failed|failure)',
            '(fault|faulty|faulted)',
            'refused',
            'denied',
            'rejected',
            'not found',
            'missing',
            'mismatch*',
            'not (allowed|permitted)',
            "(does not|doesn't) exist",
            'does not match',
            'exceed(|s|ed)',
            'unknown service',
        ],
    },
    {
        says: 'an error, and not only the name of something for errors',
        phrases: ['(error|errors)'],
        except: [
            'error(-| |)log',
            '(error|errors) (handler|handling|message|page|threshold|output|correct|rate|report|polic|counter|budget|was 0)',
            'error-polic',
        ],
    },
    {
        says: 'broke',
        phrases: ['died', 'dead', 'corrupt*', '(abort|aborted)', 'lost', 'suspended', 'is stale', '[alarm]'],
    },
    { says: 'critical', phrases: ['critical'], except: ['critical (section|path)'] },
];

const mild: readonly Omit<PhraseGroup<Meaning>, 'meaning'>[] = [
    {
        says: 'tries again',
        phrases: [
            'retry*',
            'trying again',
            'try again',
            'trying next',
            'will (wait|be retried|be restored|be resumed|reconnect|re-connect)*',
            '*(reconnect|re-connect)(ing|ed)*',
            '(re|)start(ed|ing) again',
            '(fall|falls|falling) back',
            'fallback',
        ],
        // rsyslog, about an action that it does not retry
        except: ['retry 0.'],
    },
    {
        says: 'it works again, or did',
        phrases: [
            '(recovered|recovering)',
            'resumed',
            'restored',
            '*success*',
            '*succeeded',
            'working again',
            'is (now |)(up|ok|reachable|back|online|healthy|running)',
            'fixed',
        ],
        except: [
            '(un|not |not a |without )success',
            'success(=|:|: |":|": )false',
            'not succeeded',
            'not recover(ed|ing)',
            'be (recovered|fixed|restored|resumed)',
            'is running (out|low)',
        ],
    },
    {
        says: 'goes on without',
        phrases: [
            'using (default|fallback)*',
            'by default',
            '(ignored|ignoring|ignore)',
            '(skipped|skipping)',
            'optional*',
            'without any',
        ],
        except: ['file will be ignored'],
    },
    {
        says: 'nothing is wrong',
        phrases: [
            '(no|zero|without) (error|failure|failed)*',
            'not an error',
            'harmless*',
            'normal exit',
            'nothing to do',
            'up to date',
            'is normal',
            'no updates available',
            'not (needed|required)',
            'by user',
        ],
    },
    {
        says: 'it is like that here',
        phrases: [
            'deprecat*',
            'obsolete*',
            '(not supported|unsupported)',
            'not implemented',
            'not yet',
            'no longer',
            'resolve (group|user|keysym|path|realpath)*',
            'may not be',
            'no medium',
            'please report',
            'running as root',
        ],
    },
    {
        says: 'it is so already',
        phrases: [
            '(already|still) (been |)(running|started|in progress|registered|loaded|active|exists|up|mounted|dead)',
            'in use, exiting',
        ],
    },
    {
        says: 'somebody ended it',
        phrases: [
            '*signal (15|1|2|3)',
            '*(sigterm|sighup|sigint)*',
            'term signal',
            'terminated signal',
            'container died',
        ],
    },
    {
        // For addresses that are not up yet, the rules know only ntpd's message from binding them.
        says: 'a link that comes and goes',
        phrases: ['(carrier lost|lost carrier)', 'lost the connection', '*: network is down', 'fe80::*'],
    },
    {
        says: 'tells what it looks at',
        phrases: [
            '(check|checking|scan|scanning) for',
            '(scanned|scanning)',
            '(monitored|monitoring)',
            'statistics',
            'max errors',
            'logging errors',
        ],
    },
    {
        says: 'what somebody did',
        phrases: ['logged (in|out)', 'session (opened|closed)', 'cmd (*', '(cmd(*', 'command=*', '*preauth]'],
    },
    {
        says: 'a call that GLib leaves out',
        phrases: ["*: assertion '*"],
        // The file of PulseAudio's source; the program ends there.
        except: [".(c|cc|cpp|h): assertion '"],
    },
    {
        says: 'what frameworks of desktops write of each object',
        phrases: [
            '*-(critical|warning)( **|: )*',
            '*dbus.error*',
            'js error',
            '(x|xcb|gl|fontconfig) error',
            'badwindow*',
            'on x server',
            '*xf86enableio*',
            '*.(qml|js):*',
            'crit = ',
            '*canberra*',
            'gtk module*',
            '*error domain=*',
            '*com.apple*',
            'tcp_connection_*',
            'xpc (error|connection)*',
            'outlet from',
        ],
    },
    {
        // By any program: the rules know some of these words, too, but only from one program or at one position in a line.
        says: 'known to be harmless',
        phrases: [
            // What a system lacks, and can do without: containerd, system-config-printer, automount, modprobe, Xorg, rsyslog,
            // ALSA
            'failed to load plugin',
            'failed to get parent',
            'not found in map source',
            "(can't|cannot) locate module",
            'initctl: not found',
            '*/dev/xconsole*',
            '*asound.state*',
            // Names that nobody knows: BIND, dnsmasq, sendmail, Apache
            "resolving '*",
            'servfail',
            'error is refused',
            'managed-keys*',
            'gethostby*',
            'could not reliably*',
            '*apr_sockaddr_info_get*',
            // What prevents a stop: SysV init, hostapd
            'shutdown failed',
            'rmdir*',
            // States of Nagios that are not yet one.
            '*;(soft|ok);*',
        ],
    },
];

const ofOthers: readonly Omit<PhraseGroup<Meaning>, 'meaning'>[] = [
    {
        says: 'who they are',
        phrases: [
            'client',
            'clients',
            'peer',
            'rhost=*',
            'remote host*',
            'from (unknown|user|host|<)*',
            'rip=*',
            '*http/(1|2)*',
            'attacker',
            '*"(get|post|head) /*',
            '*smtp-in',
            '(expn|vrfy) *',
            '*referer*',
            '*to=<*',
            '*helo=*',
        ],
    },
    {
        says: 'who is not let in',
        phrases: [
            '(auth|authentication) fail*',
            'login (fail|incorrect)*',
            'login attempts',
            'authentication: failed',
            '(fail|failed|failure) (password|login|auth)*',
            '(incorrect|bad) password',
            'using password',
            'password (auth|check|mismatch)*',
            'failed su',
            'user unknown',
            'no such user',
            'invalid user',
            '*): unknown user',
            'relay access*',
            '*reject=*',
            '*ruleset=*',
            'modsecurity*',
            'spam',
            'pam_authenticate() failed',
        ],
    },
    {
        says: 'who went',
        phrases: [
            'broken pipe',
            'connection (was |)(reset|closed|aborted)*',
            '*disconnect*',
            'connection from',
            'incoming connection*',
            'lost input channel',
            'transport endpoint is not connected',
            'end of file',
        ],
        except: ['unexpected end of file'],
    },
    {
        says: 'who speaks in another way',
        phrases: [
            '*handshake*',
            'no shared cipher',
            'wrong version number',
            'unknown protocol',
            'unknown ca',
            'ssl_accept*',
            'reverse (mapping|lookup)*',
            '*[af_inet*',
            'error notify',
            'no such container',
        ],
    },
    { says: 'whose name nobody knows', phrases: ['lookup for'], then: { begins: ['failed'], within: 1 } },
    {
        says: 'how HTTP calls a mistake of theirs',
        phrases: [
            '*status(":|=| )(400|401|403|404|405|408|409|410|411|412|413|414|415|416|421|422|426|428|429|431|444|499)',
        ],
    },
];

const ownLimits: readonly Omit<PhraseGroup<Meaning>, 'meaning'>[] = [
    {
        says: 'limits, and whoever it asks itself',
        phrases: [
            '*limit(|s) (|has been )(reached|exceeded|hit)*',
            '*_limit (',
            '*too many (clients|connections)*',
            '*maximum number of*',
            '*reached (max|pm.)*',
            '*upstream*',
        ],
        except: ['rate limit'],
    },
];

const grave: readonly Omit<PhraseGroup<Meaning>, 'meaning'>[] = [
    {
        says: 'given up, or about to be',
        phrases: ['maximum (number of |)retr*', 'throttling', 'health check failed', 'flood stage'],
    },
];

const numbered: readonly PhraseGroup<Meaning>[] = [
    { says: 'how it ended', meaning: 'status', phrases: ['*exit*', '*returned*', '*status*', '*code*', '* rc=*'] },
    { says: 'how often', meaning: 'count', phrases: ['*error*', '*fail*', '*missing*', '*exception*', 'lost*'] },
];

const meant = (meaning: Meaning, groups: readonly Omit<PhraseGroup<Meaning>, 'meaning'>[]) =>
    groups.map(group => ({ ...group, meaning }));

export const complaintPhrases = new Phrasebook<Meaning>([
    ...meant('certain', certain),
    ...meant('grave', grave),
    ...meant('likely', likely),
    ...meant('mild', mild),
    ...meant('of others', ofOthers),
    ...meant('own limit', ownLimits),
    ...numbered,
]);
