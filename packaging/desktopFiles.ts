/** What the list of applications and shops for software show of Reeve: Desktop Entry Specification, AppStream. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { version } from '../service/util/version.ts';
import { desktopId, homepage } from './manifest.ts';
import type { Programs } from './units.ts';

/** Of the version in package.json. */
const releaseDate = '2026-11-24';

const summary = 'Find out what is wrong with this computer, and fix it';

export const desktopEntryText = ({ offer }: Programs) =>
    [
        '[Desktop Entry]',
        'Type=Application',
        'Name=Reeve',
        `Comment=${summary}`,
        'Comment[de]=Herausfinden, was mit diesem Rechner nicht stimmt, und es beheben',
        'Comment[ar]=اعرف ما الخلل في هذا الحاسوب وأصلحه',
        `Exec=${offer} --again`,
        `Icon=${desktopId}`,
        'Categories=GNOME;GTK;System;Monitor;',
        'Keywords=fault;error;log;fix;repair;help;assistant;',
        'OnlyShowIn=GNOME;',
        'Terminal=false',
        '',
    ].join('\n');

const paragraphs = [
    'Reeve watches your computer, explains in plain words what went wrong and why, and shows the exact change that would fix it. It makes that change only with your consent, checks that the symptom is gone, and can undo the change. It also answers questions about the computer.',
    'Everything runs on your own computer. Reeve needs no language model. If you bring one, it runs on your own GPU or processor and cannot change anything.',
];

const screenshots = {
    fix: 'A failed service in the quick chat: what failed, why, and the fix with its steps',
    putBack: 'An edit that broke a service: when it was made, and the offer to restore the file',
    dark: 'The quick chat in the dark style',
};

export const iconText = () => readFileSync(join(import.meta.dirname, 'applicationIcon.svg'), 'utf8');

export const metainfoText = () => `<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>${desktopId}</id>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>GPL-3.0-or-later</project_license>
  <name>Reeve</name>
  <summary>${summary}</summary>
  <developer id="org.reevedesktop">
    <name>The developers of Reeve</name>
  </developer>
  <description>
${paragraphs.map(text => `    <p>${text}</p>\n`).join('')}  </description>
  <launchable type="desktop-id">${desktopId}.desktop</launchable>
  <url type="homepage">${homepage}</url>
  <screenshots>
${Object.entries(screenshots)
    .map(
        ([name, caption], index) => `    <screenshot${index === 0 ? ' type="default"' : ''}>
      <caption>${caption}</caption>
      <image>${homepage}images/${name}.png</image>
    </screenshot>
`,
    )
    .join('')}  </screenshots>
  <content_rating type="oars-1.1"/>
  <provides>
    <binary>reeve</binary>
  </provides>
  <releases>
    <release version="${version}" date="${releaseDate}"/>
  </releases>
</component>
`;
