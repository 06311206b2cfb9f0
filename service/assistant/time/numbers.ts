/** Numbers as people write them in words, each in the spellings of the vocabulary; shares for “half an hour”. */
const written: Record<number, string> = {
    0.25: 'quarter viertel ربع',
    0.5: 'half halbe halben halber نصف',
    0.75: 'dreiviertel',
    1: 'one ein eine einer einen واحد واحدة',
    1.5: 'anderthalb eineinhalb',
    2: 'two couple zwei اثنين اثنان',
    3: 'three drei ثلاث ثلاثة',
    4: 'four vier أربع أربعة',
    5: 'five few several fünf paar einige خمس خمسة بضع بضعة',
    6: 'six sechs ست ستة',
    7: 'seven sieben سبع سبعة',
    8: 'eight acht ثماني ثمانية ثمان',
    9: 'nine neun تسع تسعة',
    10: 'ten zehn عشر عشرة',
    11: 'eleven elf',
    12: 'twelve dozen zwölf',
    13: 'thirteen dreizehn',
    14: 'fourteen vierzehn',
    15: 'fifteen fünfzehn',
    16: 'sixteen sechzehn',
    17: 'seventeen siebzehn',
    18: 'eighteen achtzehn',
    19: 'nineteen neunzehn',
    20: 'twenty zwanzig عشرين عشرون',
    30: 'thirty dreißig ثلاثين ثلاثون',
    40: 'forty vierzig أربعين أربعون',
    45: 'forty-five fünfundvierzig',
    50: 'fifty fünfzig خمسين خمسون',
    60: 'sixty sechzig ستين ستون',
    90: 'ninety neunzig تسعين تسعون',
    100: 'hundred hundert مئة مائة',
};

export const numberWords: ReadonlyMap<string, number> = new Map(
    Object.entries(written).flatMap(([value, words]) => words.split(' ').map(word => [word, Number(value)] as const)),
);

/** Arabic writers use two sets of digits of their own, U+0660 and U+06F0 onwards. */
export const westernDigits = (text: string) =>
    text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, digit => String(digit.charCodeAt(0) & 0xf));

/** NaN for what is no number. */
export function numberOf(text: string): number {
    return numberWords.get(text) ?? Number.parseInt(westernDigits(text), 10);
}
