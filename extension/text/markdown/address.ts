/** Where a link leads. All of it is ASCII, so that nothing in it can look like what it is not. */
export type Address = {
    /** What is opened. */
    uri: string;
    /** Whose it is: the host and port, or the book of a `help:` address. Part of `uri`, in lower case. */
    host: string;
};

const longest = 2048;
/** No user and password, which are only there to deceive ("https://bank.example@evil.example"), no escapes in the host. */
const web = /^https?:\/\/([a-z0-9][a-z0-9.-]{0,252}|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?(?:[/?#].*)?$/i;
/** Pages of the manuals that are installed, as gnome-help names them. */
const help = /^help:([a-z0-9][a-z0-9.-]{0,63})(?:\/[a-z0-9][\w.-]{0,127}){0,4}(?:#[\w.-]{0,127})?$/i;
/** What browsers would drop, or read as something else. */
const unfit = /[\p{C}\p{Z}\s\\<>"`{|}^]/u;
const beyondAscii = /[^\u0021-\u007e]+/gu;
const looksNumeric = /(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/i;
const ipv4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/**
 * The address that a text names, if it is one that may be opened: http, https or help. A host with other letters than ASCII
 * is none, since it can look like another one; written in Punycode it is, and is shown that way.
 */
export function parseAddress(text: string): Address | null {
    if (text.length > longest || unfit.test(text)) return null;
    const uri = text.replace(beyondAscii, encodeURIComponent);
    const [, book] = help.exec(uri) ?? [];
    if (book !== undefined) return { uri, host: `help:${book.toLowerCase()}` };
    const [, host, port = ''] = web.exec(text) ?? [];
    if (host === undefined || /\.\.|\.-|-\.|-$/.test(host)) return null;
    // "http://2130706433" is 127.0.0.1 to a browser.
    if (looksNumeric.test(host) && !ipv4.test(host)) return null;
    return { uri, host: host.toLowerCase() + port };
}
