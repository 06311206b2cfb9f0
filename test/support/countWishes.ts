// Prints how many actions people can ask for, and in how many patterns: node test/support/countWishes.ts
import { everyAction } from '../../service/actions/everyAction.ts';
import type { Action } from '../../service/actions/action.ts';
import { wishLanguages } from '../../service/actions/wish.ts';

const asked = everyAction.map((action: Action) => action).filter(({ wishes = [] }) => wishes.length > 0);
const wishes = asked.flatMap(({ wishes: all = [] }) => all);
const patterns = wishLanguages.map(language => {
    const count = wishes.reduce((sum, { phrases }) => sum + phrases[language].length, 0);
    return `${language} ${count}`;
});
console.log(
    `${everyAction.length} actions, ${asked.length} with wishes: ${wishes.length} wishes, patterns ${patterns.join(', ')}`,
);
