/**
 * Takes secrets out of text before a model, the screen or a log sees it.
 *
 * What is known by its own form (a token with a maker's prefix, a private key) goes wherever it stands. What is only known by
 * its name (`password=…`) goes where a value is assigned to that name, and not where people or programs write about it
 * ("Failed password for root"). Every expression begins at a literal or at the start of a word and repeats a bounded number of
 * times, so that the work grows with the length of the text and no faster.
 */
const removed = '[redacted]';

/**
 * Tokens that their makers gave a form of their own. The forms are those of gitleaks' rules (config/gitleaks.toml), with
 * lengths as lower bounds, since makers lengthen them.
 */
const tokenForms = [
    'A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}', // 1Password
    'AGE-SECRET-KEY-1[A-Z0-9]{58}',
    '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}', // Amazon
    'ABSK[A-Za-z0-9+/]{100,300}',
    'AIza[\\w-]{35}', // Google
    'GOCSPX-[\\w-]{28}',
    'ya29\\.[\\w-]{20,500}',
    'dapi[a-f0-9]{32}', // Databricks
    'do[opr]_v1_[a-f0-9]{64}', // DigitalOcean
    'dp\\.(?:pt|st|ct|sa)\\.[\\w.-]{40,100}', // Doppler
    'fm[12][ar]?_[A-Za-z0-9+/]{100,2000}', // Fly
    'gh[opsur]_[0-9a-zA-Z]{36,255}', // GitHub
    'github_pat_\\w{22,255}',
    'gl(?:pat|dt|ft|rt|ptt|imt|agent|oas|soat|ffct|cbt)-[\\w.-]{20,300}', // GitLab
    'gl(?:c|sa)_[A-Za-z0-9+/_]{32,400}', // Grafana
    'hf_[A-Za-z]{30,40}', // Hugging Face
    'hv[sbr]\\.[\\w-]{24,300}', // Vault
    'lin_api_[A-Za-z0-9]{40}',
    'npm_[A-Za-z0-9]{36}',
    'ntn_[A-Za-z0-9]{40,50}', // Notion
    'ops_eyJ[A-Za-z0-9+/]{100,2000}',
    'PMAK-[a-f0-9]{24}-[a-f0-9]{34}', // Postman
    'pplx-[A-Za-z0-9]{40,60}',
    'pscale_(?:tkn|oauth|pw)_[\\w=.-]{32,64}',
    'pul-[a-f0-9]{40}',
    'pypi-[\\w-]{50,1000}',
    'rubygems_[a-f0-9]{48}',
    'SG\\.[\\w-]{20,24}\\.[\\w-]{39,50}', // SendGrid
    'sha256~[\\w-]{43}', // OpenShift
    'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}', // Shopify
    'sk-(?:ant-|proj-|svcacct-|admin-|or-)?[\\w-]{20,300}', // Anthropic, OpenAI and those who copy them
    '[sr]k_(?:test|live|prod)_[A-Za-z0-9]{10,99}', // Stripe
    'sntry[us]_[\\w+/=-]{40,500}', // Sentry
    'sq0[a-z]{3}-[\\w-]{22,60}', // Square
    'tskey-[a-z]{2,10}-[\\w-]{10,100}', // Tailscale
    'xox[abeoprs]-[\\w-]{10,300}', // Slack
    'xapp-\\d-[A-Z0-9]{1,20}-\\d{1,20}-[a-z0-9]{1,100}',
    '\\d{8,10}:AA[\\w-]{33}', // Telegram
].join('|');
const tokens = new RegExp(`(?<![\\w.-])(?:${tokenForms})(?![A-Za-z0-9])`, 'g');

/** JSON Web Tokens and their encrypted kind: base64url of `{"…`, then one or more further parts. RFC 7519, RFC 7516. */
const webTokens = /(?<![\w-])eyJ[\w-]{8,4000}(?:\.[\w-]{0,8000}){1,4}/g;

/** Addresses that are secrets themselves: webhooks of Slack, Discord, Microsoft Teams and Google Chat. */
const webhooks =
    /(?<=\b(?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks|[\w-]{1,63}\.webhook\.office\.com\/webhookb2|outlook\.office\.com\/webhook|chat\.googleapis\.com\/v1\/spaces)\/)[^\s"'<>]{8,500}/gi;

/** A block of PEM (RFC 7468), PGP (RFC 4880) or OpenSSH; one that has no end reaches to the end of the text. */
const privateKeys =
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|(?![^]))/g;

/**
 * A private key without its first line, by how its DER begins in base64: PKCS #1 (RFC 8017), PKCS #8 (RFC 5958) of RSA, EC and
 * Ed25519, plain or encrypted, SEC 1 (RFC 5915), OpenSSH's "openssh-key-v1"; and a whole PEM file in base64, as Kubernetes keeps it.
 * A certificate or a public key begins otherwise.
 */
const keyBeginnings = [
    'MII[A-K][\\w+/]{2}IBAAK',
    'MII[A-K][\\w+/]{2}IBADANBgkqhkiG9w0BAQEFAASC',
    'MI(?:GH|G2|Hu)AgEAM[BC][\\w+/]GByqGSM49',
    'M(?:HcC|IGkAg|IHcAg)[AE]QEEI|MI(?:Gk|Hc)AgEBB',
    'MC4CAQAwBQYDK2V',
    'MII[A-K][\\w+/]{3,7}BgkqhkiG9w0BBQ0',
    'b3BlbnNzaC1rZXktdj',
    'LS0tLS1CRUdJTi(?:BSU0Eg|BFQyB|BPUEVOU1NI|BEU0Eg|BFTkNSWVBURUQg)?(?:UFJJVkFURS|QUklWQVRFI|IFBSSVZBVEUg|BQUklWQVRFI)',
].join('|');
const keyBodies = new RegExp(
    `(?<![\\w+/])(?:${keyBeginnings})[\\w+/=]{20,16000}(?:\\r?\\n(?:[\\w+/]{16,76}={0,2}|[\\w+/]{1,15}={1,2})(?![\\w+/=]))*`,
    'g',
);

/** The secret part of Amazon's keys, which has no form but its length: 40 of base64 in both cases and with digits. */
const amazonSecrets =
    /(?<![\w+/=.-]|[\w+/]{60}\r?\n)(?=[\w+/]{0,39}[A-Z][\w+/]{0,38}[A-Z])(?=[\w+/]{0,39}[a-z][\w+/]{0,38}[a-z])(?=[\w+/]{0,39}\d)(?!(?:[\w+]{0,39}\/){3})(?![\w+/]{0,39}_)[\w+/]{40}(?![\w+/=.-])/g;

/** Hashes of passwords as crypt(5) writes them: what shadow(5) holds. */
const passwordHashes =
    /(?<![\w$])\$(?:1|2[abxy]?|5|6|7|y|gy|sha1|md5|argon2(?:id?|d))\$[./A-Za-z0-9$,=+-]{8,300}(?<![,=])/g;

/** The password in scheme://user:password@host, RFC 3986 section 3.2.1; also without a user, as Redis has it. */
const urlPasswords = /(?<=[a-z0-9]:\/\/[^\s/?#@:"'<>]{0,128}:)[^\s/?#"'<>]{1,256}(?=@)/gi;
/** The same with a "/", "?" or "#" that should have been escaped. A port and a path with an "@" are left. */
const unescapedPasswords =
    /(?<=[a-z0-9]:\/\/[^\s/?#@:"'<>[\]]{0,128}:)(?!\d{1,5}[/?#])[^\s@"'<>]{1,256}(?=@[\w.-]{1,253}(?:[:/\s"']|$))/gim;
/** A token in the place of the user. */
const urlUsers = /(?<=[a-z0-9]:\/\/)(?=[^\s/?#@]{0,128}\d)[^\s/?#@:"'<>]{20,128}(?=@)/gi;

/** Parameters of addresses that authorise by themselves: OAuth 2 (RFC 6749), signed addresses of storage services. */
const urlParameters =
    /(?<=[?&#;](?:access_token|refresh_token|id_token|auth_token|token|api[_-]?key|key|client_secret|secret|password|passwd|pwd|pass|sig|signature|auth|code|assertion|ticket|session|sid|x-amz-(?:signature|security-token|credential)|x-goog-signature)=)[^\s&#"'<>]{1,2000}/gi;

/** Header fields of RFC 9110 (11.6.2) and what commands and logs make of them. */
const authorization =
    /(?<=\b(?:proxy-)?authorization["']?\s{0,2}[:=]\s{0,2}["']?(?:[a-z]{2,20}\s{1,2})?)(?![a-z]{2,20}\s)[\w=~@.+/:-]{6,4000}/gi;
const bearer = /(?<=\bbearer\s{1,2})(?=[^\s]{0,400}\d)[\w=~.+/-]{16,4000}/gi;
const cookies = /(?<=\b(?:set-)?cookie:\s{0,2})(?!\s)[^\r\n"']{4,4000}/gi;

/** What SMTP, IMAP and POP3 log of a log-in (RFC 4954, RFC 9051): the response with AUTH, or after the prompt "Password:". */
const mailLogins =
    /(?<=\bAUTH(?:ENTICATE)?\s(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|CRAM-MD5)\s{1,2}|\b334 UGFzc3dvcmQ6\s{1,4}(?:[CS<>:-]{1,4}\s{1,2})?)(?!(?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|CRAM|DIGEST|SCRAM|NTLM|GSSAPI)\b)[\w+/=]{4,2000}/gi;

/** Keys of wireless networks in the files of NetworkManager and wpa_supplicant, which may have spaces in them. */
const wirelessKeys = /(?<=^\s{0,8}(?:[\w.-]{0,40}psk|wep-key\d)\s{0,3}=\s{0,3})(?!["\s[])[^\r\n]{1,200}/gim;

/** Options of commands that are followed by a password, and `user:password` of curl's -u and smbclient's -U. */
const options =
    /(?<=\s--?(?:password|passwd|passphrase|pass|token|secret|api-?key|auth-?token|access-?token|client-?secret|psk|wpa-passphrase|storepass|keypass)(?:\s{1,3}|=)["']?)(?![-[])[^\s"']{1,400}/gi;
const commands =
    /sshpass|mysql|mariadb|curl|smb|cifs|rpcclient|\bnet\b|-pass|machine|nmcli|ldap|docker|podman|keygen|zip|\b7z|htpasswd|requirepass|masterauth/;
const commandPasswords = [
    /(?<=\bsshpass\s{1,3}-p\s{0,3}["']?)[^\s"']{1,200}/g,
    /(?<=\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\s(?:[^\n|;]{0,200}\s)?-p)[^\s"'=]{1,200}/g,
    /(?<=\bcurl\s(?:[^\n|;]{0,400}\s)?(?:-u|--user|-U|--proxy-user)[\s=]{0,3}["']?[^\s:"']{1,64}:)[^\s"']{1,200}/g,
    /(?<=\b(?:smbclient|mount\.cifs|rpcclient|net)\s(?:[^\n|;]{0,200}\s)?-U\s{0,3}["']?[^\s%"']{1,64}%)[^\s"']{1,200}/g,
    /(?<=\s-pass(?:in|out)?\s{1,3}["']?pass:)[^\s"']{1,200}/g,
    /(?<=\bnmcli\s[^\n|;]{0,200}\spassword\s{1,3}["']?)[^\s"']{1,200}/g,
    /(?<=\b(?:ldap(?:search|add|modify|delete|passwd|whoami)|docker|podman)\s(?:[^\n|;]{0,200}\s)?-[wp]\s{1,3}["']?)[^\s"'-][^\s"']{0,200}/g,
    /(?<=\bssh-keygen\s(?:[^\n|;]{0,200}\s)?-[NP]\s{1,3}["']?)[^\s"'-][^\s"']{0,200}/g,
    /(?<=\b(?:zip\s(?:[^\n|;]{0,200}\s)?-P\s{0,3}|7za?\s(?:[^\n|;]{0,200}\s)?-p)["']?)[^\s"'-][^\s"']{0,200}/g,
    /(?<=\bhtpasswd\s(?:[^\n|;]{0,40}\s)?-\w{0,8}b\w{0,8}\s{1,3}\S{1,200}\s{1,3}\S{1,64}\s{1,3}["']?)[^\s"']{1,200}/g,
    /(?<=^\s{0,8}(?:requirepass|masterauth)\s{1,8}["']?)[^\s"']{1,200}/gm,
    /(?<=\bmachine\s{1,9}\S{1,255}\s{1,9}(?:login\s{1,9}\S{1,255}\s{1,9})?password\s{1,9})\S{1,200}/g,
];

/** Names whose values are secret whatever they look like, and names whose values only are when they look like it. */
const passwordNames =
    'passw(?:or)?[dt]|kennwort|mot[_ -]?de[_ -]?passe|mdp|contrase[ñn]a|senha|wachtwoord|passphrase|pwd|client[_-]?key[_-]?data|' +
    '(?<![a-z])(?:db|my|smtp|imap|mail|root|admin|user|ftp|bind)?pass(?![a-z])|psk|pgpassword|secret|private[_-]?key|preshared[_-]?key|account[_-]?key|shared[_-]?access[_-]?key';
const tokenNames =
    'token|api[_-]?key|access[_-]?key|auth[_-]?key|encryption[_-]?key|signing[_-]?key|credentials?|auth|wep[_-]?key\\d?';
const assignments = new RegExp(
    `(?<![\\w./-])(["']?)([\\w.-]{0,64}?(?:(${passwordNames})|${tokenNames})(?:[_-]?(?:file|path|name|id|url|type|policy|hash|flags)|\\d{0,2}))\\1` +
        `(\\s{0,3}(?:=>|:=|=|:)\\s{0,3})("[^"\\n]{0,1000}"|'[^'\\n]{0,1000}'|\\[redacted\\]|[^\\s"',;&)}\\]]{1,1000})`,
    'gi',
);

/** "password X", "the password is X", where X is no word. */
const spokenPasswords =
    /(?<=\b(?:passw(?:or)?[dt]|passphrase|kennwort|mot de passe)\s{1,3}(?:(?:is|was|ist|lautet|est)\s{1,2})?["'“]?)(?=[^\s"'”]{0,199}\d)(?=[^\s"'”]{0,199}[A-Za-z])(?![\w-]{1,24}[=:(])(?!0x)[^\s"'”/.~][^\s"'”/]{5,199}/gi;

/** Where nothing of the kind is, which is nearly all text, this says so in one pass. */
const suspicious =
    /pass|pwd|kennwort|mdp|contrase|senha|wachtwoord|key[_-]?data|secret|token|api[_-]?key|access[_-]?key|(?:private|shared|account|auth|encryption|signing|wep)[_-]?\w{0,6}key|psk|credential|auth/i;

/** Names that point to a secret and are none. */
const pointer = /[_-]?(?:file|path|name|id|url|type|policy|flags)$/i;
/** What stands for a value: nothing, a placeholder, a reference, or that it was taken out before. */
const standIn =
    /^(?:|true|false|yes|no|on|off|null|none|nil|undefined|unset|empty|required|optional|ask|prompt|default|\(null\)|\*+|x+|\.+|\$[\w{(].*|%\w?.*|<.*>|\{.*|\[redacted\])$/i;
/** A word, a sentence's part, a path or a small number: what programs say of a token rather than the token. */
const plainWords = /^(?:[A-Za-z][a-z]*(?:[-_ ][a-z]+)*[.!:]?|[~./][\w./~-]*|\d{1,5}|\d{4}-\d\d-\d\d.*|0x[0-9a-f]+)$/;

/** What is secret by its form alone, wherever it stands. */
const byForm = [privateKeys, keyBodies, tokens, webTokens, webhooks, passwordHashes, amazonSecrets];

/** Whether there is anything that is secret by its form alone. */
export function holdsToken(text: string): boolean {
    return byForm.some(form => text.search(form) >= 0);
}

/** The text without the secrets in it, each replaced by "[redacted]". Applied twice it changes nothing more. */
export function redact(text: string): string {
    let clean = text;
    for (const form of byForm) clean = clean.replace(form, removed);
    if (clean.includes('://')) {
        for (const pattern of [urlPasswords, unescapedPasswords, urlUsers, urlParameters])
            clean = clean.replace(pattern, removed);
    }
    clean = clean.replace(authorization, removed).replace(bearer, removed).replace(cookies, removed);
    if (/AUTH|334 /i.test(clean)) clean = clean.replace(mailLogins, removed);
    clean = clean.replace(wirelessKeys, removed);
    if (clean.includes(' -')) clean = clean.replace(options, removed);
    if (commands.test(clean)) for (const pattern of commandPasswords) clean = clean.replace(pattern, removed);
    return suspicious.test(clean)
        ? clean.replace(spokenPasswords, removed).replace(assignments, redactAssignment)
        : clean;
}

function redactAssignment(
    whole: string,
    quote: string,
    name: string,
    passwordName: string | undefined,
    separator: string,
    given: string,
    offset: number,
    text: string,
): string {
    const [open = ''] = /^["']?/.exec(given) ?? [];
    const value = open === '' ? given : given.slice(1, -1);
    if (pointer.test(name) || standIn.test(value)) return whole;
    // "pass: 2" and "pass=2" of tests, of tools that go over something several times.
    if (/pass$/i.test(name) && /^\d{1,3}$/.test(value)) return whole;
    const isAssigned = separator.includes('=') || quote !== '' || isWholeLine(text, offset, offset + whole.length);
    if (separator.trim() === ':' && quote === '' && !/\s$/.test(separator)) return whole;
    const looksSecret = value.length >= 8 && !plainWords.test(value);
    const isSecret = passwordName === undefined ? looksSecret : isAssigned || (looksSecret && /[\d\W]/.test(value));
    return isSecret ? `${quote}${name}${quote}${separator}${open}${removed}${open}` : whole;
}

/** Whether a line holds nothing else, as in YAML and at a prompt. */
function isWholeLine(text: string, start: number, end: number): boolean {
    const before = text.slice(Math.max(text.lastIndexOf('\n', start - 1) + 1, start - 40), start);
    return /^[\s-]*$/.test(before) && (end === text.length || text[end] === '\n' || text[end] === '\r');
}
