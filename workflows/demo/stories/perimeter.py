"""What stands at the bank's border: gateways, remote access, branch lines."""

from __future__ import annotations

from workflows.demo.story import (
    CISO,
    Story,
    arbitrate,
    challenge,
    cio,
    ciso,
    concur,
    exempt,
    mitigate,
    revise,
    stand,
    vote,
)
from workflows.risks.types import RiskStatus

GATEWAY = Story(
    cve="CVE-2024-3400",
    title="Takeover of the internet gateway through its remote access feature",
    description="""The standby pair of firewalls in front of customer banking still runs a release with a
        command injection that attackers use. Whoever uses it controls the gateway and stands next to the
        payment network. The active pair is patched; the standby takes over in every failover test.""",
    category="vulnerability",
    assets=("internet-gateway", "payment-hub"),
    likelihood="very_high",
    impact="very_high",
    raised_by="rosario",
    raised=182,
    acts=(
        cio(180, "moderate", "high", "exempt",
            """All customer banking passes this gateway. An hour without it is reported to the supervisor and
            costs about 90,000 in fees and goodwill.""",
            """Replacing the standby release needs a full failover, and the quarter-end closing forbids
            one for weeks. The standby carries traffic for two hours a month.""",
            delay="Each week of indecision holds up the change freeze of four other teams."),
        ciso(179, "very_high", "very_high", "mitigate",
             """Catalogue entry of April 2024 with use by ransomware groups, and 212 probes for exactly
             this path on our addresses last month. A standby that takes over is production.""",
             conditions="""No administrative access from the internet, and the failover tests stop until
                        it is patched."""),
        exempt(178, 120,
               "The vendor's threat prevention rule stays active on both pairs and is tested every week.",
               """Network operations watches the standby around the clock; the security centre tests the
               watch monthly.""",
               """A failover during the quarter-end closing is a certain disruption; an attack on a
               standby is not."""),
        challenge(177, "not_defensible",
                  """The rule stops the published attack, not its variants; two of them were reported in
                  our sector last month. 120 days go far beyond the closing that is given as the reason.""",
                  """A rehearsed date for the patch within 60 days, or an outside test that the rule
                  stops the variants."""),
        stand(175, """The quarter after the closing holds two card releases. I will not promise a date
                   that my teams cannot keep, and say so rather than decide it quietly."""),
        vote("castellane", 174, "amend", """The closing is a fact, and so is
                                          the risk. Sixty days cover the
                                          closing and not more.""",
             days=60, conditions="The date of the failover is fixed within two weeks."),
        vote("whitlock", 173, "overturn", """We have told the supervisor in writing that known exploited
                                        weaknesses at the border are closed within 30 days."""),
        vote("okonjo", 173, "amend", "Operations cannot carry a failover before the closing ends.", days=90),
        vote("petrakis", 172, "overturn", """The same reason was given last year. Compensating controls at
                                        the border have not been tested by anybody outside technology."""),
        vote("holloway", 171, "amend", """Retail depends on the closing going well; the watch around the
                                        clock convinces me for a short time.""",
             days=75),
        # The exemption of 60 days has run out: the linked case decides again.
        cio(107, "moderate", "high", "mitigate",
            "As before; the closing is over and the failover is rehearsed.",
            "The reason for waiting is gone. The patch goes in with the failover of next week."),
        ciso(106, "high", "very_high", "mitigate",
             """The watch reported three blocked attempts in 60 days. Release and date of the patch are
             agreed."""),
        mitigate(105, """Priya Ravenscroft's team patches the standby pair in the next failover window;
                 rule and watch stay until the vendor's check is clean.""",
                 "The exemption did what it was for. There is nothing left that speaks against the patch."),
        concur(104),
    ),
    ends=RiskStatus.IN_TREATMENT,
)  # fmt: skip

REMOTE_ACCESS = Story(
    cve="CVE-2025-5777",
    title="Stolen sessions on the remote access service get past the second factor",
    description="""The gateway for staff and suppliers gives away pieces of its memory to crafted
        requests. A stolen session needs neither password nor second factor. The fix ends all sessions
        and changes the sign-in page that 40 suppliers have built into their procedures.""",
    category="vulnerability",
    assets=("remote-access",),
    likelihood="high",
    impact="very_high",
    raised_by="rosario",
    raised=147,
    acts=(
        cio(145, "moderate", "high", "exempt",
            "Remote access carries 1,900 people a day, and the card schemes' night support.",
            """The patch breaks the sign-in of eleven suppliers who maintain payment systems at night.
            They need 30 days to change over."""),
        ciso(144, "very_high", "very_high", "mitigate",
             """The entry gives one day to act. Sessions of two suppliers were used from addresses we do
             not know; we ended them.""",
             conditions="All sessions are ended daily and suppliers connect through the jump host only."),
        exempt(143, 30,
               "Suppliers connect through the jump host; sessions end after eight hours.",
               """The security centre compares sessions with shifts twice a day; remote access operations
               ends strays.""",
               "Losing night support of card payments for a month is the larger and the surer damage."),
        challenge(142, "beyond_appetite",
                  """Thirty days do not fit two sessions misused on our own gateway. With
                  likelihood very high this is above what the bank has agreed to carry.""",
                  """The patch for staff now, and a delay for suppliers only."""),
        stand(141, """The two sessions were ended within an hour and reached nothing. I stand by
                   the thirty days."""),
        vote("castellane", 140, "overturn", """Two incidents on our own gateway outweigh the suppliers'
                                          convenience."""),
        vote("holloway", 139, "amend", """Card support at night is not a convenience; 30 days with the
                                        jump host hold.""",
             days=30),
        vote("whitlock", 139, "overturn", """The suppliers' contracts oblige them to follow security
                                        changes within ten days."""),
        vote("okonjo", 138, "recuse", "Two of the eleven suppliers work for my own payments programme."),
        vote("petrakis", 137, "amend", """Three weeks with daily ends of sessions are documented and can
                                        be checked.""",
             days=21, conditions="Compliance receives the comparison of sessions each Friday."),
        arbitrate(135, "amend", """Both sides are right about a part. Staff are patched now; the
                                 suppliers get 14 days, which is what their contracts give.""",
                  days=14, conditions="""The patch for staff goes in within 48 hours; suppliers stay on the
                                 separate gateway."""),
        cio(117, "moderate", "high", "mitigate",
            "Ten of eleven suppliers have changed over; the last one works on site until it has.",
            "Nothing depends on the old gateway any more."),
        ciso(117, "high", "very_high", "mitigate",
             "No strange session in 14 days; the old gateway still leaks."),
        mitigate(115, """The suppliers' gateway is patched tonight and merged with the staff gateway
                      within 30 days.""",
                 "The exemption bought what it was meant to buy."),
        concur(114),
    ),
    ends=RiskStatus.IN_TREATMENT,
)  # fmt: skip

BRANCH_LINES = Story(
    cve="CVE-2024-55591",
    title="Outsiders become administrators of the branch firewalls",
    description="""The firewalls of 47 branches run a release whose management interface can be entered
        without signing in. The interface is closed to the internet, but open to the lines between
        branches.""",
    category="vulnerability",
    assets=("branch-network",),
    likelihood="high",
    impact="high",
    raised_by="holloway",
    raised=113,
    acts=(
        cio(111, "low", "high", "exempt",
            "47 branches serve 6,000 customers a day at the counter.",
            """The devices are replaced branch by branch over nine months; patching them first would
            double the visits."""),
        ciso(110, "moderate", "high", "exempt",
             "The interface is reachable from branch lines only, which I have had tested by an outside team.",
             conditions="Management moves to a separate network first; the replacement keeps its pace.",
             by="thornbury"),
        exempt(109, 180,
               """At least two branches are replaced each week; management is reachable from one network
               alone.""",
               """Branch network operations blocks the interface on the lines; internal audit samples ten
               branches.""",
               """Replacing once is cheaper and safer than patching and then replacing, as long as the
               pace is kept."""),
        concur(107, conditions="""If fewer than six branches are replaced in a month, the exemption is
                               brought back to the CIO. The list of remaining branches goes to security
                               every Monday.""",
             by="thornbury"),
    ),
    ends=RiskStatus.EXEMPTED,
    waits=("exemption_expires",),
)  # fmt: skip

SUPPLIER_ACCESS = Story(
    cve="CVE-2025-0282",
    title="The supplier of the cheque service reaches us through a vulnerable gateway",
    description="""The supplier that images our cheques maintains its link with a VPN gateway that can be
        taken over before sign-in. From there its network reaches the file exchange.""",
    category="third_party",
    assets=("file-exchange", "branch-network"),
    likelihood="high",
    impact="high",
    raised_by="harker",
    raised=74,
    acts=(
        cio(72, "moderate", "moderate", "accept",
            "The cheque service handles 4,000 cheques a day; there is no second supplier.",
            "It is the supplier's gateway, and the supplier has told us that it is patched."),
        ciso(71, "high", "high", "mitigate",
             """The supplier's notice gives a version that is not the fixed one; its own scan was from
             before the fix."""),
        exempt(70, 90,
               "The supplier confirms the fixed release within 30 days.",
               """File exchange operations checks files from the supplier for malware; security looks at
               the log weekly.""",
               "The supplier says it is patched, and we cannot patch for it."),
        challenge(69, "not_informed",
                  """The supplier's notice names a release that is still vulnerable. The decision rests
                  on a wrong fact.""",
                  "A scan of the gateway by a third party that shows the fixed release."),
        revise(67, """That is correct; the release named is not the fixed one. I decide again with the
                   right facts."""),
        exempt(66, 30,
               "The supplier patches within ten days and shows a scan by a third party.",
               "The link is open for two hours a night only; file exchange operations opens and closes it.",
               "With the link closed for most of the day the exposure is a tenth of what it was."),
        challenge(65, "conditions_unmet",
                  """The two hours a night rest on a firewall schedule that was never set up: the link
                  was open all of last night.""",
                  "The schedule running and seen in the log, or the link cut until the scan is there."),
        revise(63, "The schedule failed and nobody noticed, which is answer enough. The link is cut."),
        mitigate(62, """The link stays cut until the third-party scan is clean; cheque images come by
                     encrypted medium meanwhile. Mei Harker leads; the supplier has confirmed ten working
                     days.""",
                 """Two rounds showed that we rely on things that are not in place. A week of couriers
                 is bearable."""),
        concur(61),
    ),
    ends=RiskStatus.IN_TREATMENT,
)  # fmt: skip

LOAD_BALANCERS = Story(
    cve="CVE-2023-46747",
    title="The load balancers' configuration page can be entered without signing in",
    description="""Two load balancers of the partner services run a release whose configuration page
        takes smuggled requests as those of an administrator. The page is reachable from the server
        networks.""",
    category="vulnerability",
    assets=("internet-gateway",),
    likelihood="moderate",
    impact="high",
    raised_by="rosario",
    raised=45,
    acts=(
        cio(43, "low", "high", "exempt",
            "They carry the partner services; 120 partners would have to test a new release.",
            """New devices are on order and arrive within eight weeks. Patching the old ones means
            testing twice."""),
        ciso(42, "moderate", "high", "exempt",
             "Reachable from the server networks alone; no sign of use here. Exploits are public.",
             conditions="""The page listens on the management network only, from this week.""",
                        confidence="moderate"),
        exempt(41, 60,
               "The configuration page is reachable from the management network only.",
               """Network operations checks the page's reach daily; security scans it weekly from the
               server networks.""",
               "One change instead of two, for eight weeks, with the page out of reach of the servers."),
        concur(39, conditions="""A scan from the server networks is shown within five days, and
                              again every week.""", by=CISO),
    ),
    ends=RiskStatus.EXEMPTED,
    waits=("exemption_expires",),
)  # fmt: skip

STORIES = (GATEWAY, REMOTE_ACCESS, BRANCH_LINES, SUPPLIER_ACCESS, LOAD_BALANCERS)
