import { interfaceXml, extensionCode, serviceCode } from '../../../build/interfaceCode.ts';
import { reference } from '../../../build/interfaceDocs.ts';
import { parseInterfaces } from '../../../build/interfaceXml.ts';

const xml = `<node>
  <!--
    org.example.Thing:
    @short_description: A thing

    Lives somewhere.
  -->
  <interface name="org.example.Thing">
    <!-- State: 0 good, 1 bad. -->
    <property name="State" type="u" access="read"/>
    <!-- Text: Long. -->
    <property name="Text" type="s" access="read">
      <annotation name="org.freedesktop.DBus.Property.EmitsChangedSignal" value="false"/>
    </property>
    <!--
      Do:
      @names: what to do it to,
              in order
      @done: how it went

      Does it.

      Errors: Error.Busy.
    -->
    <method name="Do">
      <arg name="names" type="as" direction="in"/>
      <arg name="done" type="a{sv}" direction="out"/>
    </method>
    <!-- Stop: Stops. -->
    <method name="Stop"/>
    <!--
      Done:
      @at: when
    -->
    <signal name="Done">
      <arg name="at" type="t"/>
    </signal>
  </interface>
</node>`;

describe('The D-Bus interfaces', () => {
    it('are read with their documentation', () => {
        const [thing] = parseInterfaces(xml);
        expect(thing).toEqual({
            name: 'org.example.Thing',
            summary: 'A thing',
            doc: 'Lives somewhere.',
            properties: [
                { name: 'State', type: 'u', access: 'read', emits: true, doc: '0 good, 1 bad.' },
                { name: 'Text', type: 's', access: 'read', emits: false, doc: 'Long.' },
            ],
            methods: [
                {
                    name: 'Do',
                    in: [{ name: 'names', type: 'as', doc: 'what to do it to, in order' }],
                    out: [{ name: 'done', type: 'a{sv}', doc: 'how it went' }],
                    doc: 'Does it.\n\nErrors: Error.Busy.',
                },
                { name: 'Stop', in: [], out: [], doc: 'Stops.' },
            ],
            signals: [{ name: 'Done', arguments: [{ name: 'at', type: 't', doc: 'when' }], doc: '' }],
        });
    });

    it('are refused when something in them is not documented', () => {
        expect(() => parseInterfaces(xml.replace('<!-- Stop: Stops. -->', ''))).toThrowError(
            /method Stop has no comment/,
        );
        expect(() => parseInterfaces(xml.replace('<!-- Stop: ', '<!-- Halt: '))).toThrowError(
            /method Stop has no comment/,
        );
        expect(() => parseInterfaces(xml.replace('@done: how it went', ''))).toThrowError(/argument done of Do/);
        expect(() => parseInterfaces(xml.replace('org.example.Thing:', ''))).toThrowError(
            /interface org\.example\.Thing/,
        );
    });

    it('are shown to introspection without the documentation', () => {
        const [thing] = parseInterfaces(xml);
        const shown = thing === undefined ? '' : interfaceXml(thing);
        expect(shown).not.toContain('<!--');
        expect(shown).toContain('<arg name="names" type="as" direction="in"/>');
        expect(shown).toContain('<method name="Stop"/>');
        expect(shown).toContain('EmitsChangedSignal');
    });

    it('become types for both sides', () => {
        const interfaces = parseInterfaces(xml);
        const service = serviceCode(interfaces);
        expect(service).toContain('properties: { State: number; Text: string }');
        expect(service).toContain('Do: { in: { names: (string)[] }; out: { done: Dictionary } }');
        expect(service).toContain('Stop: { in: Record<never, never>; out: void }');
        expect(service).toContain('Done: { at: number | bigint }');
        const extension = extensionCode(interfaces);
        expect(extension).toContain("export const thingInterface = 'org.example.Thing'");
        expect(extension).toContain('export type ThingProperties = { State: number; Text: string }');
    });

    it('become a reference that names every member and error', () => {
        const text = reference(parseInterfaces(xml), { Busy: 'Too much at once.' });
        for (const part of [
            'Do(names: as) → (done: a{sv})',
            'Done(at: t)',
            'State: u',
            'Error.Busy`: Too much at once.',
        ]) {
            expect(text).toContain(part);
        }
    });
});
