-- What came of 3-D Secure for an attempt: the flow and the result (domain/three_d_secure.h); none: it took no part.
alter table acquirer_call add column three_d_secure text;
