throw new Error(
  'a test of the project `unit` imports the AWS SDK; see CONTRIBUTING.md, "Where a test belongs"',
);
