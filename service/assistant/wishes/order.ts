import { splitWords, stems } from '../words.ts';
import { isQuestion, meant } from './readWish.ts';

/** Verbs with which people ask for a change, by their stems. What only asks to see something is none of them. */
const verbs = new Set(
    (
        'make set change turn switch put add remove delete uninstall install enable disable activate deactivate allow block ' +
        'start stop restart close mute unmute raise lower increase decrease reduce enlarge dim brighten connect disconnect ' +
        'pair use let keep prevent reset adjust configure replace lock unlock pin unpin ' +
        'mach stell setz schalt einschalt ausschalt anschalt abschalt umschalt einstell abstell umstell anmach ausmach ' +
        'aktivier deaktivier ander wechsel wechsl start stopp beend halt entfern losch installier deinstallier schliess ' +
        'versteck erhoh verringer reduzier vergrosser verkleiner verbind trenn koppl koppel erlaub blockier sperr entsperr ' +
        'benutz verwend lass sorg behalt ' +
        'اجعل غير بدل شغل اوقف فعل عطل اغلق ثبت احذف ازل امسح اضف زد ارفع اخفض قلل كبر صغر اكتم اضبط اتصل افصل اقرن استخدم ' +
        'امنع اسمح اعد حول خل اقفل تغيير تشغيل ايقاف تفعيل تعطيل'
    ).split(' '),
);
/** Longer texts are mostly pasted, and somebody else may have written them. */
const mostWords = 32;

/**
 * Whether a sentence asks for a change, by its words alone: it is one short line and no question, and it begins with such a verb after
 * its courtesies, or ends with one, as in German.
 */
export function isOrder(text: string): boolean {
    const words = splitWords(text);
    if (text.trim().includes('\n') || words.length > mostWords || isQuestion(text, words)) return false;
    const said = meant(words).words;
    return [said[0], said.at(-1)].some(word => stems(word?.form ?? '').some(stem => verbs.has(stem)));
}
