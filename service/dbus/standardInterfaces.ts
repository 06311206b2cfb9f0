/** The interfaces of the D-Bus specification, "Standard Interfaces", that every object of ours answers. */

/** Interface → method → signature of its arguments. */
export const standardInterfaces = new Map([
    ['org.freedesktop.DBus.Peer', signatures({ Ping: '', GetMachineId: '' })],
    ['org.freedesktop.DBus.Introspectable', signatures({ Introspect: '' })],
    ['org.freedesktop.DBus.Properties', signatures({ Get: 'ss', GetAll: 's', Set: 'ssv' })],
    ['org.freedesktop.DBus.ObjectManager', signatures({ GetManagedObjects: '' })],
]);

function signatures(methods: Record<string, string>): ReadonlyMap<string, string> {
    return new Map(Object.entries(methods));
}

const always = `  <interface name="org.freedesktop.DBus.Peer">
    <method name="Ping"/>
    <method name="GetMachineId">
      <arg name="machine_uuid" type="s" direction="out"/>
    </method>
  </interface>
  <interface name="org.freedesktop.DBus.Introspectable">
    <method name="Introspect">
      <arg name="xml_data" type="s" direction="out"/>
    </method>
  </interface>
`;

const properties = `  <interface name="org.freedesktop.DBus.Properties">
    <method name="Get">
      <arg name="interface_name" type="s" direction="in"/>
      <arg name="property_name" type="s" direction="in"/>
      <arg name="value" type="v" direction="out"/>
    </method>
    <method name="GetAll">
      <arg name="interface_name" type="s" direction="in"/>
      <arg name="values" type="a{sv}" direction="out"/>
    </method>
    <method name="Set">
      <arg name="interface_name" type="s" direction="in"/>
      <arg name="property_name" type="s" direction="in"/>
      <arg name="value" type="v" direction="in"/>
    </method>
    <signal name="PropertiesChanged">
      <arg name="interface_name" type="s"/>
      <arg name="changed_properties" type="a{sv}"/>
      <arg name="invalidated_properties" type="as"/>
    </signal>
  </interface>
`;

const objectManager = `  <interface name="org.freedesktop.DBus.ObjectManager">
    <method name="GetManagedObjects">
      <arg name="objects" type="a{oa{sa{sv}}}" direction="out"/>
    </method>
    <signal name="InterfacesAdded">
      <arg name="object" type="o"/>
      <arg name="interfaces" type="a{sa{sv}}"/>
    </signal>
    <signal name="InterfacesRemoved">
      <arg name="object" type="o"/>
      <arg name="interfaces" type="as"/>
    </signal>
  </interface>
`;

export function standardXml(having: { properties: boolean; objectManager: boolean }): string {
    return [always, having.properties ? properties : '', having.objectManager ? objectManager : ''].join('');
}
