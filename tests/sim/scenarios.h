/* What usually happens to money (scenarios.c). */
#pragma once

/* Each scenario as it should go: the books have something of everything then. */
void scenarios_once(void);
/* The partner owes of his own sales, and is relieved of it (debts_test.c). */
void own_sales_relieved(void);
