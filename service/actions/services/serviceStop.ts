import { _ } from '../../i18n/i18n.ts';
import { defineAction } from '../action.ts';
import { unitStop } from '../units/unitStop.ts';
import { requireDeclared, servicesMeant, unitOfService } from './declared.ts';
import { serviceParameters } from './serviceStart.ts';

/** Stops a server of models that the user declares. */
export const serviceStop = defineAction({
    name: 'service.stop',
    parameters: serviceParameters,
    proposable: ['task'],
    touches: ({ service }) => [`service ${service}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(stop|halt|end) [model|ai|llm|inference] (server|service) [{server}]',
                    '(stop|halt|end) {server} [model|ai|llm] [server|service]',
                ],
                de: [
                    '(stoppe|stopp|beende|halte) [sie] (server|modellserver|ki-server|dienst) [{server}] [an]',
                    '(stoppe|stopp|beende) [sie] {server} [server|modellserver]',
                ],
                ar: ['(اوقف|إيقاف) خادم [النماذج|نماذج|النموذج] [{server}]'],
            },
            parameters: servicesMeant,
        },
    ],
    async plan({ service: name }, asked) {
        const unit = unitOfService(requireDeclared(name, asked));
        const plan = await unitStop.plan({ scope: 'user', unit }, asked);
        return { ...plan, title: _('Stop the model server {name}', { name }) };
    },
    verify({ service: name }, asked) {
        const unit = unitOfService(requireDeclared(name, asked));
        return unitStop.verify?.({ scope: 'user', unit }, asked) ?? Promise.reject(new TypeError('nothing to verify'));
    },
});
