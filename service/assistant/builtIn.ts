// All answers that need no model. Loaded with the first question, not before: its vocabulary takes more than a
// megabyte, and many sessions pass without a question.
export { answers } from './answers/index.ts';
export { answerFollowUp } from './answers/afterwards.ts';
export { nearestQuestions, noAnswer } from './answers/none.ts';
export { describePages, describePassage } from './answers/passage.ts';
export { asksForInstructions, ordersAskedFor } from './instructions.ts';
export { readStated, showNames, withOwnNames } from './statedPreference.ts';
export { choose } from './choice.ts';
export { explain } from './explanation.ts';
export { readFollowUp } from './followUp.ts';
export { languageOf } from './language.ts';
export { readSpeech, speaking } from '../i18n/otherLanguage.ts';
export { knownPrograms } from './knownPrograms.ts';
export { mentions, nearTopics, readingsOf, tokensOf, understand } from './understanding.ts';
export { isOrder } from './wishes/order.ts';
export { describeWish, planWish } from './wishes/wishAnswer.ts';
