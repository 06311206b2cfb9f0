/** Writes the D-Bus reference, docs/dbus.md. */
import type { Argument, Interface, Method, Property, Signal } from './interfaceXml.ts';

const introduction = `# D-Bus reference

The service owns \`org.reevedesktop.Reeve1\` on the session bus. Its object is \`/org/reevedesktop/Reeve1\`; incidents,
proposals and requests are objects below it. Any call on the name starts the service.

This file is generated from \`dbus-interfaces/*.xml\` by \`npm run generate\`.

- Every interface has a property \`version\`. Members may be added within a version; none is changed or taken away.
- State is properties, with change signals unless said otherwise. Properties are read-only: actions are methods.
- Calls that may grow end in options, \`a{sv}\`. An option that is not documented is ignored; a documented one of the
  wrong type is refused with \`Error.InvalidArgument\`, which names it; an integer may be of any
  integer type. The same goes for filters.
- Times are microseconds since the Unix epoch.
- All texts are plain and may hold anything that a log can hold, less control and bidirectional-override characters.
  Never draw them as markup. In languages that run from right to left, what a sentence quotes stands between U+2068 and
  U+2069; names, numbers and commands of their own are bare.
- A message larger than 1 MiB is answered with \`Error.TooLarge\` and not read.

\`\`\`sh
gdbus call --session --dest org.reevedesktop.Reeve1 --object-path /org/reevedesktop/Reeve1 \\
    --method org.reevedesktop.Reeve1.Assistant.AskAndWait "what failed" '{}'
gdbus call --session --dest org.reevedesktop.Reeve1 --object-path /org/reevedesktop/Reeve1 \\
    --method org.freedesktop.DBus.ObjectManager.GetManagedObjects
busctl --user get-property org.reevedesktop.Reeve1 /org/reevedesktop/Reeve1 org.reevedesktop.Reeve1.Manager State
gdbus monitor --session --dest org.reevedesktop.Reeve1
\`\`\`

Without GNOME the service is on a bus of its own: first run the line \`export DBUS_SESSION_BUS_ADDRESS='…'\` that
\`npm start\` prints.
`;

export function reference(interfaces: Interface[], errors: Readonly<Record<string, string>>): string {
    const contents = interfaces.map(({ name, summary }) => `- [${name}](#${anchor(name)}): ${summary}`);
    return [
        introduction,
        [...contents, '- [Errors](#errors)'].join('\n') + '\n',
        ...interfaces.map(interfaceSection),
        errorSection(errors),
    ].join('\n');
}

function interfaceSection(iface: Interface): string {
    return [
        `## ${iface.name}\n`,
        `${iface.summary}.\n`,
        iface.doc === '' ? '' : `${iface.doc}\n`,
        ...iface.methods.map(methodSection),
        ...iface.signals.map(signalSection),
        ...iface.properties.map(propertySection),
    ]
        .filter(part => part !== '')
        .join('\n');
}

function methodSection(method: Method): string {
    const list = (values: Argument[]) => values.map(({ name, type }) => `${name}: ${type}`).join(', ');
    return section(
        `${method.name}(${list(method.in)}) → (${list(method.out)})`,
        'Method',
        [...method.in, ...method.out],
        method.doc,
    );
}

function signalSection(signal: Signal): string {
    const list = signal.arguments.map(({ name, type }) => `${name}: ${type}`).join(', ');
    return section(`${signal.name}(${list})`, 'Signal', signal.arguments, signal.doc);
}

function propertySection(property: Property): string {
    const unannounced = property.emits ? '' : '\n\nChanges are not announced; read it when it is wanted.';
    return section(`${property.name}: ${property.type}`, 'Property', [], property.doc + unannounced);
}

function section(declaration: string, kind: string, described: Argument[], doc: string): string {
    const list = described.map(({ name, doc: text }) => `- \`${name}\`: ${text}`).join('\n');
    return [`### ${kind} \`${declaration}\``, list, doc].filter(part => part !== '').join('\n\n') + '\n';
}

function errorSection(errors: Readonly<Record<string, string>>): string {
    const rows = Object.entries(errors).map(([code, text]) => `- \`org.reevedesktop.Reeve1.Error.${code}\`: ${text}`);
    return `## Errors

Above they are written without \`org.reevedesktop.Reeve1.\`. The text of an error is for people; scripts go by its name.

${rows.join('\n')}

A call that does not fit the interface is answered with an error of the D-Bus specification: \`UnknownObject\`,
\`UnknownInterface\`, \`UnknownMethod\`, \`UnknownProperty\`, \`PropertyReadOnly\`, and \`InvalidArgs\` for arguments of the wrong
types, which names the right ones; all begin with \`org.freedesktop.DBus.Error.\`.
`;
}

/** As GitHub and cgit derive it from a heading. */
function anchor(heading: string): string {
    return heading.toLowerCase().replaceAll('.', '');
}
