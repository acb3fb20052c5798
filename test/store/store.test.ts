// One file, because the embedded PostgreSQL takes seconds to start and its tests must not run side by side.
import './cases.suite.ts';
import './dialogs.suite.ts';
import './jobs.suite.ts';
import './journal.suite.ts';
import './key-values.suite.ts';
import './members.suite.ts';
import './messages.suite.ts';
import './migrations.suite.ts';
import './notices.suite.ts';
import './people.suite.ts';
import './transactions.suite.ts';
import './wishes.suite.ts';
