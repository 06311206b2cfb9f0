import { stems, type Word } from '../words.ts';

/** Verbs with which people ask for a change, by their stems. What only asks to see something is none of them. */
export const changingVerbs: ReadonlySet<string> = new Set(
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

/** Verbs of orders that may also begin a question of a few words, such as “open ports”. */
const otherVerbs = new Set(
    (
        'open launch free clean clear empty format order write send buy call play quit exit end kill terminate cancel undo update ' +
        'upgrade downgrade get give bring go move copy rename create find search print scan mount unmount eject shut reboot hibernate ' +
        'suspend log sign book cook tell remind schedule save back hack repair fix check try unblock forget join pause resume skip ' +
        'empty compress zip extract hide show display ' +
        'öffn offn räum raum leer bereinig aktualisier kauf ruf spiel schreib schick bestell druck speicher kopier verschieb such ' +
        'find repari behebe behebt pruf unterbrich brich abbrech zeig zeigen blende einblend ausblend komprimier pack entpack fahr runterfahr herunterfahr ' +
        'افتح اطلب اكتب ارسل العب ابحث انسخ انقل اطبع نظف افرغ حدث نزل شارك اصلح اعرض اظهر اخف الغ اضغط'
    ).split(' '),
);
export const everyVerb: ReadonlySet<string> = new Set([...changingVerbs, ...otherVerbs]);

/** The index of the verb with which an order begins, or ends, as in German; null for a sentence without one. */
export function verbOf(words: readonly Word[], verbs: ReadonlySet<string> = everyVerb): number | null {
    const found = [0, words.length - 1].find(index => stems(words[index]?.form ?? '').some(stem => verbs.has(stem)));
    return found ?? null;
}

/** Whether it is such a verb in the form of an order: “restart”, not “restarted”. */
export const isVerb = (form: string) => everyVerb.has(form);
