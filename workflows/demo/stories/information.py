"""Where the bank's information lies: files, wiki, code, mail, archive, warehouse."""

from __future__ import annotations

from workflows.demo.story import (
    DEPUTY_CIO,
    Story,
    accept,
    challenge,
    change_advice,
    cio,
    ciso,
    concur,
    exempt,
    mitigate,
    revise,
    stand,
    transfer,
    vote,
)
from workflows.risks.types import RiskStatus

STATEMENTS = Story(
    cve="CVE-2023-34362",
    title="Customer statements leak from the printing supplier's file server",
    description="""The supplier that prints our statements receives them on a file transfer server that
        was emptied at other companies through this weakness. 210,000 statements a month pass it.""",
    category="third_party",
    assets=("file-exchange",),
    likelihood="high",
    impact="high",
    raised_by="harker",
    raised=178,
    acts=(
        cio(176, "moderate", "high", "transfer",
            "Printing ourselves would cost 1.1 million a year; the contract allows us to set terms.",
            "The supplier runs the server and earns from it; it should carry the loss and the proof."),
        ciso(175, "high", "high", "mitigate",
             "The supplier was slow once before. A contract pays for damage but brings no statement back.",
             conditions="Statements are encrypted for the printer, not for its file server."),
        change_advice(174, "moderate", "high", "mitigate", "harker",
                      """Mei Harker has shown me the supplier's letter: the server is patched since the week
                      before. I rate it lower by that; my first rating stands beside this one."""),
        transfer(173, """The supplier moves to another server within 30 days, carries all costs of a leak
                      up to five million, and proves the change by an audit of our choice. Insurance
                      covers the rest."""),
        concur(172, conditions="""Statements are encrypted for the printing line itself from the next
                               run, and deleted from the server within an hour."""),
    ),
    ends=RiskStatus.IN_TREATMENT,
)  # fmt: skip

WIKI = Story(
    cve="CVE-2023-22515",
    title="Outsiders could make themselves administrators of the knowledge wiki",
    description="""The wiki's release lets requests create an administrator. It is reachable from the
        office network only; it holds run books, and by policy no customer data and no passwords.""",
    category="vulnerability",
    assets=("wiki",),
    likelihood="low",
    impact="moderate",
    raised_by="rosario",
    raised=172,
    acts=(
        cio(170, "low", "low", "accept",
            "Useful, but a day without it stops nobody.",
            "It moves to the hosted service in five months, and is out of reach from outside."),
        ciso(169, "low", "moderate", "accept",
             """A search found nine passwords in run books; they are changed and gone. What is left helps
             attackers little."""),
        accept(168, 150, """Out of reach, soon replaced, and cleared of passwords. An upgrade now is
                         wasted work."""),
        # Within appetite, and both proposed it: no answer is asked for.
    ),
    ends=RiskStatus.ACCEPTED,
)  # fmt: skip

SOURCE_CODE = Story(
    cve="CVE-2023-7028",
    title="Accounts of the code repository can be taken over by a password reset",
    description="""A repository kept for a closed project sends password resets to addresses that were
        never confirmed. It is read-only and holds code that is no longer in use.""",
    category="vulnerability",
    assets=("build-pipeline",),
    likelihood="low",
    impact="low",
    raised_by="delacroix",
    raised=150,
    acts=(
        cio(148, "low", "low", "accept",
            "Kept because a court case may need the code until it is closed.",
            "Read-only and cut from the pipeline; a second factor stands in front of it."),
        ciso(147, "low", "low", "accept",
             "The second factor stops the takeover. No keys were found in the code.", confidence="moderate"),
        accept(146, 360, "Nothing can be built or released from it, and we are obliged to keep it."),
    ),
    ends=RiskStatus.ACCEPTED,
)  # fmt: skip

MAIL = Story(
    cve="CVE-2022-41040",
    title="A stolen mailbox password is enough to attack the mail server itself",
    description="""One mail server was left behind after the move to the hosted service, for scanners that
        send mail. A signed-in attacker can make it attack itself, and from there the directory.""",
    category="vulnerability",
    assets=("mail", "directory"),
    likelihood="moderate",
    impact="high",
    raised_by="rosario",
    raised=140,
    acts=(
        cio(138, "low", "moderate", "accept",
            "Sixty scanners in branches send documents through it.",
            "Only scanners use it, and it takes no mail from outside.", by=DEPUTY_CIO),
        ciso(137, "moderate", "high", "mitigate",
             "It accepts every employee's password from the internet; I signed in from home yesterday."),
        accept(136, 200, "The server serves scanners only, and goes with them."),
        challenge(135, "not_informed",
                  """It is taken for closed to the outside, and is not: its web page answers from the
                  internet and takes every employee's password.""",
                  "The page closed, and proof that scanners are all that reaches it."),
        revise(134, """We did not know that the page answers outside. With that, accepting
                    it is wrong."""),
        mitigate(133, """The page is closed today; scanners move to the relay within three weeks, and the
                      server is switched off. Priya Ravenscroft answers for it.""",
                 "The scanners have a better way, and nothing else speaks for this server."),
        concur(132),
    ),
    ends=RiskStatus.IN_TREATMENT,
)  # fmt: skip

REPORTING = Story(
    cve="CVE-2020-0618",
    title="Report readers can run code on the customer data warehouse",
    description="""The reporting service of the warehouse lets any signed-in reader run code with a
        crafted request. 340 people may read reports, temporary staff among them.""",
    category="data",
    assets=("data-warehouse",),
    likelihood="moderate",
    impact="high",
    raised_by="castellane",
    raised=97,
    acts=(
        cio(95, "low", "high", "exempt",
            "Regulatory reports leave from here on fixed dates.",
            """The service moves to the new platform in three months; the upgrade in between breaks 60
            reports."""),
        ciso(95, "moderate", "high", "exempt",
             """Readers have named accounts and the service cannot reach the internet. Customer data is
             pseudonymised.""",
             conditions="Temporary staff read exported reports instead.", confidence="moderate"),
        exempt(94, 90,
               "Temporary staff lose their access to the service within a week.",
               """Finance systems logs every request to the service; the security centre looks for the
               pattern daily.""",
               "Three months to the new platform, with the readers cut by a third."),
        concur(92, conditions="The list of readers is confirmed by finance each month."),
        # Expired a few days ago: the linked case waits for both positions.
    ),
    ends=RiskStatus.UNDECIDED,
    waits=("cio_position", "ciso_position"),
)  # fmt: skip

ARCHIVE = Story(
    cve="CVE-2025-53770",
    title="Contracts and board papers can be taken from the archive's own server",
    description="""The archive runs on servers in the house whose web page lets outsiders run code and
        take the keys that sign everything. External lawyers use the page from the internet.""",
    category="data",
    assets=("document-archive",),
    likelihood="high",
    impact="high",
    raised_by="rosario",
    raised=91,
    acts=(
        cio(89, "moderate", "moderate", "exempt",
            "Six law firms work in it; two cases have court dates within the month.",
            "The fix is in; changing the keys signs all lawyers out and breaks the court bundles."),
        ciso(88, "high", "high", "mitigate",
             "The fix alone does not help against whoever has the keys already. The entry gave one day.",
             conditions="Keys are changed and the page is closed to the internet."),
        exempt(87, 60,
               "Keys are changed after the last court date.",
               "The page is open to the six law firms' addresses only; legal checks the list weekly.",
               "Losing a case for want of papers is certain harm; stolen keys are a suspicion."),
        challenge(86, "not_defensible",
                  "Nobody has looked whether keys were taken. The suspicion could be settled in two days.",
                  "An examination of the servers for the known traces, by somebody outside technology."),
        stand(84, """The examination takes the servers away for two days, which is the harm that I want
                  to avoid."""),
        vote("castellane", 83, "amend", "For the court dates, and for no longer.", days=45,
             conditions="The servers are examined on the weekend after the first court date."),
        vote("whitlock", 83, "abstain", """The archive is mine. I have an opinion, and should not decide
                                        by it."""),
        vote("okonjo", 82, "amend", "The list of six addresses makes a difference.", days=60),
        vote("petrakis", 81, "overturn", """An examination of two days is not too much to ask with board
                                       papers at stake."""),
        vote("holloway", 80, "amend", "With the examination on the first weekend.", days=45),
        # Expired after 45 days; a second exemption is asked for, and refused.
        cio(31, "low", "moderate", "exempt",
            "One court date was adjourned; four law firms still work in the archive.",
            "The examination found no traces. The adjourned date needs three more weeks."),
        ciso(30, "moderate", "high", "mitigate",
             "The examination covered one of two servers. Keys are as they were.",
             conditions="None; a second delay for the same reason needs new facts."),
        exempt(29, 30, "Keys are changed after the adjourned court date.",
               "The list of addresses stays; the second server is examined.",
               "Three weeks more, after an examination without traces."),
        challenge(28, "conditions_unmet",
                  "The condition was an examination of the servers. One of two was examined.",
                  "Both servers examined and the keys changed; lawyers can be given papers by other means."),
        stand(26, "The second server is examined next weekend. I stand by the three weeks."),
        vote("castellane", 25, "overturn", "The condition that I set was kept by half."),
        vote("whitlock", 24, "overturn", "The court accepts papers on a medium; I have asked."),
        vote("okonjo", 24, "amend", "Three weeks, as the first examination was clean.", days=21),
        vote("petrakis", 23, "overturn", "A renewal needs new facts, and there are none."),
        vote("holloway", 22, "amend", "The end is in sight, and the list of addresses holds.", days=21),
    ),
    ends=RiskStatus.NOT_ACCEPTED,
)  # fmt: skip

STORIES = (STATEMENTS, WIKI, SOURCE_CODE, MAIL, REPORTING, ARCHIVE)
