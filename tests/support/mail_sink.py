"""The mail server of runs: keeps what it takes, and refuses what an address asks it to refuse.

unknown.*@...  550 to RCPT: nobody has this address
full.*@...     452 to RCPT: not now
spam.*@...     554 to the mail itself
"""
from aiosmtpd.handlers import Mailbox


class Sink(Mailbox):
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("unknown."):
            return "550 5.1.1 No such user here"
        if address.startswith("full."):
            return "452 4.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(address.startswith("spam.") for address in envelope.rcpt_tos):
            return "554 5.7.1 Not wanted"
        return await super().handle_DATA(server, session, envelope)
