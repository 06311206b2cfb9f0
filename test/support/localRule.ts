/** A file of rules that is called backup.yaml, with one rule: its `kind` is in line 5 and its `severity` in line 8. */
export const localRule = `name: backup
title: Backup
about: The backup does not run.
rules:
    - kind: locked
      from: backup.service
      lines: ['repository is locked by {who}']
      severity: medium
      subject: =Backup
      title: The backup did not run
      advice: Wait for {who}.
`;
