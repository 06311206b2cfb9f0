/** What people call a thing: without regard to case, accents, and marks between words. */
function wordsOf(text: string): string[] {
    return text
        .normalize('NFKD')
        .replaceAll(/\p{M}/gu, '')
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .filter(word => word !== '');
}

/** What the sorts of devices are called, by a word that their own descriptions have. */
const sorts: readonly [RegExp, RegExp][] = [
    [/^(?:headphones?|kopfhorer\w*|سماعات|سماعه|سماعة)$/, /headphone|earphone|earbud|kopfhorer/],
    [/^(?:headsets?)$/, /headset/],
    [/^(?:speakers?|loudspeakers?|lautsprecher\w*|مكبر|مكبرات)$/, /speaker|lautsprecher/],
    [/^(?:hdmi|monitor|screen|tv|television|bildschirm|fernseher)$/, /hdmi|displayport|monitor|video-display/],
    [/^(?:mouse|maus|فارة|فأرة)$/, /mouse/],
    [/^(?:keyboard|tastatur|لوحة)$/, /keyboard/],
    [/^(?:phone|handy|telefon|smartphone|هاتف)$/, /phone(?!s)/],
    [/^(?:webcam|camera|kamera)$/, /webcam|camera/],
    [/^(?:usb|stick|drive|disk|flash|thumb|laufwerk|platte|festplatte|قرص)$/, /usb|sd/],
];

/**
 * Whether people may call a thing so: each of their words is a word of its names, the beginning of one, or its sort.
 *
 * @param names its own name, and what else is known of it, such as its sort in the words of its service
 */
export function isCalled(said: string, names: readonly string[]): boolean {
    const own = names.flatMap(wordsOf);
    const whole = wordsOf(names.join(' ')).join(' ');
    const asked = wordsOf(said);
    return (
        asked.length > 0 &&
        asked.every(
            word =>
                own.some(each => (word.length > 2 ? each.startsWith(word) : each === word)) ||
                sorts.some(([called, is]) => called.test(word) && is.test(whole)),
        )
    );
}
