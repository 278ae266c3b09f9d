"""What the bank lives on: accounts, payments, cards, online banking, its books."""

from __future__ import annotations

from workflows.demo.story import (
    Story,
    accept,
    arbitrate,
    challenge,
    cio,
    ciso,
    concur,
    exempt,
    revise,
    stand,
    vote,
)
from workflows.risks.types import RiskStatus

CARD_SWITCH = Story(
    cve="CVE-2021-44228",
    title="The card switch logs texts that can make it run foreign code",
    description="""The vendor's appliance that answers card authorisations still contains the logging
        library of 2021. A text in a merchant's name could make it load code. The vendor delivers the
        fixed appliance with its next generation only.""",
    category="third_party",
    assets=("card-switch",),
    likelihood="moderate",
    impact="very_high",
    raised_by="harker",
    raised=175,
    acts=(
        cio(173, "low", "very_high", "accept",
            "Every card payment of our customers, 140 a second at peak.",
            """The switch reaches nothing outside, so it cannot load anything. The next generation comes
            in a year."""),
        ciso(172, "moderate", "very_high", "exempt",
             """No way out was found in our test, but three rules of the firewall keep it so, and rules
             change.""",
             conditions="The rules are watched, and the vendor commits to a date."),
        accept(171, 330, "Without a way out the library is harmless; the new generation replaces it."),
        challenge(170, "beyond_appetite",
                  """An impact of very high is accepted for eleven months on three firewall rules that
                  anybody in the network team may change. Acceptance has no conditions that end it.""",
                  """The same for a limited time, with a watch on the rules and a dated commitment of the
                  vendor."""),
        revise(168, "A limit in time and a watch cost little and say what we mean. I revise."),
        exempt(167, 90,
               "The switch reaches nothing outside; the vendor names a delivery date in writing.",
               """Every change of its firewall rules needs two people and raises an alert; payment systems
               runs it.""",
               "What keeps us safe is the closed way out; this makes sure that it stays closed."),
        concur(165, conditions="Security repeats the test of the way out every month."),
        # Expired after 90 days: the vendor's date has slipped, and the case is decided again.
        cio(71, "low", "very_high", "exempt",
            "As before. The vendor has moved its date by five months, and has named it in writing.",
            "Twelve tests found no way out. We need until the new date."),
        ciso(70, "moderate", "very_high", "exempt",
             """Tests were clean; two changes of the rules raised the alert and were right. A second
             renewal worries me.""",
             conditions="No third time: the next decision is about a plan without this vendor."),
        exempt(69, 120,
               "The vendor reports progress monthly; a plan for another supplier is ready in 60 days.",
               "Two people for every change of the rules, with an alert; security tests the way out monthly.",
               "The measures worked for 90 days, and the new date is in the contract now."),
        concur(68, conditions="This is the last renewal without a plan for replacing the vendor."),
    ),
    ends=RiskStatus.EXEMPTED,
    waits=("exemption_expires",),
)  # fmt: skip

CORE_CONSOLE = Story(
    cve="CVE-2020-14882",
    title="The core banking console runs code for anybody who reaches it",
    description="""The application servers of core banking have a console that runs code without sign-in.
        It is reachable from all workplaces of operations. The supplier of core banking certifies no newer
        release.""",
    category="vulnerability",
    assets=("core-banking",),
    likelihood="high",
    impact="very_high",
    raised_by="rosario",
    raised=133,
    acts=(
        cio(131, "low", "very_high", "exempt",
            "Accounts of 610,000 customers; the supplier's certificate is part of our licence.",
            "Without the certificate we run the core at our own risk. Its replacement goes live in a year."),
        ciso(130, "high", "very_high", "avoid",
             """Any malware on one of 700 workplaces reaches the console. Exploits have been public since
             2020.""",
             conditions="The console is reachable from two jump hosts only, whatever is decided."),
        accept(129, 330, """A core without its supplier's certificate is the greater danger to the bank."""),
        challenge(128, "beyond_appetite",
                  """A year with the bank's books open to 700 workplaces is beyond any appetite the board
                  has stated. The console can be closed without touching the release.""",
                  "The console closed but for two jump hosts, and a decision for 90 days at most."),
        stand(126, """The console is how operations restarts failed postings at night, from any desk. I
                   stand by this until operations has another way."""),
        vote("okonjo", 125, "recuse", "It is my operations that want the console open."),
        vote("holloway", 125, "recuse", "The replacement programme is paid from my budget."),
        vote("whitlock", 124, "overturn", """A known way into the books, left open for a year, cannot
                                            be defended."""),
        vote("castellane", 123, "recuse", "I sponsor the replacement and have an interest in its timetable."),
        vote("petrakis", 122, "overturn", "The compensating control is reading a log after the fact."),
        arbitrate(119, "overturn", """I refuse. The convenience of any desk does not carry this risk. The
                                 console is closed but for two jump hosts until a decision comes that
                                 both leaders can carry."""),
    ),
    ends=RiskStatus.NOT_ACCEPTED,
)  # fmt: skip

ONLINE_BANKING = Story(
    cve="CVE-2022-22965",
    title="A form of online banking can be turned into a way to run code",
    description="""The appointment service within online banking uses a framework that binds request
        parameters too freely. A crafted request writes a program into the server. The service is used by
        few and maintained by nobody.""",
    category="vulnerability",
    assets=("online-banking",),
    likelihood="moderate",
    impact="high",
    raised_by="delacroix",
    raised=108,
    acts=(
        cio(106, "low", "moderate", "accept",
            "Some 300 appointments a week are made there; the branches could take them by telephone.",
            "The published attack needs a way of packaging that we do not use."),
        ciso(105, "moderate", "high", "avoid",
             """The vendor says that there may be other ways than the published one. The server stands
             beside the sign-in of online banking.""",
             conditions="The service moves to a server of its own."),
        accept(102, 300, """The published attack does not work here; a new service is planned within the
                         year."""),
        challenge(99, "not_defensible",
                  """The reason rests on the first published attack. The vendor itself says that others
                  are possible.""",
                  """The vendor's statement that our way of packaging is safe, or the service on a server
                  of its own."""),
        stand(96, "No attack on our way of packaging is known, and the vendor's sentence is a lawyer's."),
        # Two of five vote within the three days: the vote closes, and the chief risk officer is asked.
        vote("whitlock", 94, "overturn", """An acceptance for ten months, for 300 appointments a week, is
                                       out of proportion."""),
        vote("holloway", 93, "amend", "My branches need some weeks to take the appointments over.", days=120,
             conditions="The service moves to a server of its own within 60 days.",
             controls="Digital channels watches the server's files for changes, day and night."),
        arbitrate(85, "amend", """An acceptance without an end does not carry; closing the service
                                tomorrow hurts customers. Ninety days are enough to move it or to end it.""",
                  days=90,
                  conditions="""The service runs on a server of its own within 30 days, without a way to
                             the sign-in.""",
                  controls="""File changes on the server raise an alert; digital channels runs it,
                           security tests it."""),
    ),
    ends=RiskStatus.EXEMPTED,
    waits=("exemption_expires",),
)  # fmt: skip

PAYMENT_BROKER = Story(
    cve="CVE-2023-46604",
    title="The message broker of the payment hub can be made to run commands",
    description="""The broker between the payment hub and the clearing systems accepts a crafted message
        that makes it load a class of the sender's choice. Eleven internal systems can send to it.""",
    category="vulnerability",
    assets=("payment-hub",),
    likelihood="moderate",
    impact="very_high",
    raised_by="okonjo",
    raised=77,
    acts=(
        cio(75, "low", "very_high", "exempt",
            "All transfers; instant payments must be answered within ten seconds, day and night.",
            """The new broker release changes how messages are confirmed. The clearing system tests it in
            ten weeks."""),
        ciso(74, "moderate", "very_high", "mitigate",
             "Eleven senders are eleven ways in; two of them face partners. Ransomware groups use it.",
             conditions="The two senders that face partners are cut off from the broker."),
        exempt(73, 120,
               "The upgrade is tested with the clearing system in its next window.",
               "Senders are limited by certificate; payment systems checks the list weekly.",
               "An upgrade untested with the clearing system could stop instant payments."),
        challenge(72, "not_defensible",
                  """The test window is in ten weeks, not in 120 days, and two senders that face partners
                  stay connected.""",
                  """75 days at most, and the two senders behind a relay that lets through known messages
                  only."""),
        stand(70, """Windows of the clearing system slip. I stand by 120 days; the relay is a good idea
                  and is being built."""),
        # The chief operating officer raised the risk: the alternate sits in for him.
        vote("sundaram", 69, "amend", """Ten weeks to the test and a few days on top are what is
                                       needed.""",
             days=80,
             conditions="The relay for the two senders is in place within three weeks."),
        vote("castellane", 68, "amend", """The relay takes the sharpest edge off; 75 days match
                                         the test.""",
             days=75),
        vote("petrakis", 68, "amend", "With the relay, and a report if the window slips.", days=75,
             conditions="If the clearing system moves its window, the case is brought back at once."),
        vote("whitlock", 67, "amend", "I follow the CISO's 75 days.", days=75),
        vote("holloway", 66, "overturn", """The partners' senders should have been cut off first, and voted
                                       on afterwards."""),
    ),
    ends=RiskStatus.EXEMPTED,
    waits=("exemption_expires",),
)  # fmt: skip

LEDGER = Story(
    cve="CVE-2025-31324",
    title="Programs can be uploaded to the general ledger without signing in",
    description="""A development component on the ledger's application server takes uploads from anybody
        in the finance network and runs them. The component is not used, and cannot be removed without the
        vendor's help.""",
    category="vulnerability",
    assets=("general-ledger", "data-warehouse"),
    likelihood="moderate",
    impact="very_high",
    raised_by="rosario",
    raised=58,
    acts=(
        ciso(56, "moderate", "very_high", "exempt",
             "The path is blocked by a filter in front of the server; our tests found no way around it.",
             conditions="""The filter is tested weekly, and the component is removed with the year-end
                        release."""),
        cio(55, "low", "very_high", "exempt",
            "The ledger closes every month within four days; the vendor needs two days offline.",
            "The filter holds, and the vendor comes with the year-end release anyway."),
        exempt(54, 180,
               "The vendor removes the component with the year-end release.",
               "Finance systems runs the filter; security tests it each week and after each change.",
               "A tested filter for half a year is better than two days offline in a closing."),
        concur(52, conditions="""A failed test of the filter ends the exemption's basis and is reported
                              the same day."""),
    ),
    ends=RiskStatus.EXEMPTED,
    waits=("exemption_expires",),
)  # fmt: skip

STORIES = (CARD_SWITCH, CORE_CONSOLE, ONLINE_BANKING, PAYMENT_BROKER, LEDGER)
