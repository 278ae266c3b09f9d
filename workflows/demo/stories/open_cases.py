"""What lies on the desks at the end: a case at every step, one of them late."""

from __future__ import annotations

from workflows.demo.story import (
    Story,
    accept,
    challenge,
    cio,
    ciso,
    days,
    exempt,
    minutes,
    revise,
    stand,
    transfer,
    vote,
)
from workflows.risks.types import RiskStatus

HOST_MANAGEMENT = Story(
    cve="CVE-2023-34048",
    title="The management server of the virtual hosts can be taken over from the server networks",
    description="""The second data centre's management server takes crafted messages from every server
        network and runs their code. It manages 38 hosts.""",
    category="vulnerability",
    assets=("virtualisation",),
    likelihood="moderate",
    impact="very_high",
    raised_by="rosario",
    raised=22,
    acts=(
        cio(20, "low", "very_high", "exempt",
            "The second data centre carries the recovery test, which the supervisor attends.",
            "An upgrade a few weeks before the test puts the test at risk; it follows right after."),
        ciso(18, "moderate", "very_high", "mitigate",
             "Reachable from 61 networks. A recovery test on hosts that can be taken over proves little.",
             conditions="The management server is reachable from its own network only."),
        exempt(16, 60,
               "The upgrade follows within ten days of the recovery test.",
               "The hosts' management is watched around the clock by IT operations.",
               "The recovery test is an obligation with a date; the upgrade is not."),
        challenge(13, "not_defensible",
                  "Closing 60 of 61 networks is a change of an hour and does not touch the test.",
                  "The networks closed before the exemption begins."),
        stand(days(9.5), """Nobody can tell me which of the 61 networks the recovery scripts use. I close none
                 before the test."""),
        vote("castellane", days(3.95), "amend",
             "The test comes first, for once, and the time is short.", days=45),
        vote("okonjo", days(3.9), "amend", """The scripts are mine; they are being listed, which takes
                                    three weeks.""",
             days=45),
        vote("petrakis", days(3.8), "overturn",
             """Not knowing what one's own scripts use is a reason for caution,
                                      not for delay."""),
        vote("whitlock", days(3.7), "overturn", "The supervisor will ask about exactly this at the test."),
        vote("holloway", days(3.6), "abstain", "Both sides convince me by half."),
    ),
    ends=RiskStatus.UNDECIDED,
    waits=("arbitrate",),
)  # fmt: skip

HOST_ESCAPE = Story(
    cve="CVE-2025-22225",
    title="A taken-over server leaves its virtual machine and reaches the host",
    description="""Hosts of the test environment run a release that lets a taken-over machine write to the
        host itself. Test and production share twelve hosts for want of capacity.""",
    category="vulnerability",
    assets=("virtualisation", "build-pipeline"),
    likelihood="moderate",
    impact="high",
    raised_by="thornbury",
    raised=19,
    acts=(
        ciso(16, "moderate", "high", "mitigate",
             "Suppliers have administrator's rights on 90 test machines; twelve hosts carry both worlds.",
             conditions="Test machines of suppliers leave the shared hosts."),
        cio(15, "low", "high", "exempt",
            "The release weekend of three products needs the capacity.",
            "New hosts arrive in five weeks; then test and production part for good."),
        exempt(12, 45,
               "The new hosts are in service within six weeks.",
               "Suppliers sign in to test machines through the jump host, which records them.",
               "Five weeks on recorded access, against moving 90 machines twice."),
        challenge(10, "beyond_appetite",
                  """The charter keeps test apart from production. Five weeks or five years make no
                  difference to that.""",
                  "Suppliers' machines on hosts of their own; nine of the 90 would have to move."),
        stand(days(7.5), "Moving nine machines pushes nine others out. I stand by the five weeks."),
        vote("castellane", days(1.8), "amend", "Five weeks with recorded access are reasonable.", days=40),
        vote("whitlock", days(1), "overturn",
             "We gave the supervisor our word that test and production are apart."),
    ),
    ends=RiskStatus.UNDECIDED,
    waits=("vote",),
)  # fmt: skip

BROKERAGE = Story(
    cve="CVE-2025-24813",
    title="The brokerage page of online banking may run uploaded sessions as code",
    description="""The servlet container of the brokerage page allows partial uploads in the set-up that
        the supplier delivered. Under some conditions an upload is run.""",
    category="third_party",
    assets=("online-banking",),
    likelihood="moderate",
    impact="high",
    raised_by="delacroix",
    raised=10,
    acts=(
        cio(8, "low", "high", "transfer",
            "21,000 customers trade there; the supplier runs the page and answers for it.",
            "The contract makes the supplier liable for its own set-up."),
        ciso(7, "moderate", "high", "mitigate",
             """Uploads were possible in our test. One setting closes it; the supplier calls it a change
             to be paid for."""),
        transfer(5, """The supplier is liable, has been told so in writing, and delivers a new set-up in
                    two months."""),
        challenge(minutes(150), "not_defensible",
                  """Liability does not lower the likelihood, and customers would come to us. The setting
                  costs less than the letter that asks for it.""",
                  "The setting changed now and the bill disputed later."),
    ),
    ends=RiskStatus.UNDECIDED,
    waits=("answer_challenge",),
)  # fmt: skip

WORKPLACES = Story(
    cve="CVE-2025-29824",
    title="Malware on a workplace rises to full rights on it",
    description="""180 workplaces in dealing and in the cash centre run behind on updates, since their
        software stops with newer ones. On them an ordinary account can rise to full rights.""",
    category="change",
    assets=("workplaces",),
    likelihood="high",
    impact="moderate",
    raised_by="rosario",
    raised=9,
    acts=(
        cio(6, "moderate", "moderate", "accept",
            "Dealing makes a fifth of our result; its software costs 400,000 to renew.",
            "Full rights on one workplace are not full rights on the bank."),
        ciso(2, "high", "moderate", "mitigate",
             """First step of three attacks on banks that we have studied. 130 of the 180 could be updated
             today.""",
             conditions="Those that can be updated are."),
        accept(minutes(100), 120, """Workplaces hold little, and every server checks again. We look at it
                                  once more when dealing renews its software in four months."""),
    ),
    ends=RiskStatus.UNDECIDED,
    waits=("respond",),
)  # fmt: skip

REMOTE_SUPPORT = Story(
    cve="CVE-2024-1709",
    title="Outsiders could take over the tool with which support takes over screens",
    description="""A branch supplier supports the counters with its own copy of a remote support tool in
        which outsiders can make themselves administrators.""",
    category="third_party",
    assets=("help-desk", "branch-network"),
    likelihood="high",
    impact="high",
    raised_by="sundaram",
    raised=13,
    acts=(
        ciso(11, "high", "high", "avoid", """Whoever owns the tool owns 300 counters. The supplier has
                                          not answered for a week."""),
        cio(5, "moderate", "high", "mitigate",
            "Without the supplier a broken counter waits a day.",
            "The supplier could use our own tool; it has to agree, and so has purchasing."),
    ),
    ends=RiskStatus.UNDECIDED,
    waits=("decide",),
)  # fmt: skip

BUILD_SERVER = Story(
    cve="CVE-2024-27198",
    title="Foreign code in our own software through the build server",
    description="""The build server of the mobile team can be entered by an alternative path and signs
        what it builds. It is reachable for 60 developers and two suppliers.""",
    category="vulnerability",
    assets=("build-pipeline", "online-banking"),
    likelihood="moderate",
    impact="very_high",
    raised_by="delacroix",
    raised=7,
    acts=(
        cio(5, "low", "very_high", "exempt",
            "The mobile release of next month goes through it.",
            "The team moves to the common build server after the release."),
        ciso(minutes(45), "high", "very_high", "mitigate",
             """The signing key lies on the server. Ransomware groups have used this path.""",
             conditions="The key moves to the hardware module before anything is signed again."),
        # The two ratings are two levels apart, which opens a challenge by itself.
        revise(minutes(20), """I did not know that the key lies on the server itself. I decide on the
                             higher rating."""),
    ),
    ends=RiskStatus.UNDECIDED,
    waits=("decide",),
)  # fmt: skip

AUDITOR_FILES = Story(
    cve="CVE-2025-31161",
    title="Outsiders act as administrator of the file server for the auditor",
    description="""The server on which the external auditor fetches files lets outsiders act as its
        administrator, if they win a race. It holds the audit's samples, customers' names included.""",
    category="data",
    assets=("file-exchange",),
    likelihood="moderate",
    impact="high",
    raised_by="harker",
    raised=2,
    acts=(
        cio(1, "moderate", "moderate", "avoid",
            "The auditor needs files for three weeks a year.",
            "We have a better way for this; the server can go."),
    ),
    ends=RiskStatus.UNDECIDED,
    waits=("ciso_position",),
)  # fmt: skip

ENDPOINT_SERVER = Story(
    cve="CVE-2023-48788",
    title="The server that manages notebooks' security runs commands for outsiders",
    description="""The management server for the notebooks' VPN client takes crafted messages from the
        internet, where notebooks reach it, and runs them with full rights.""",
    category="vulnerability",
    assets=("workplaces", "remote-access"),
    likelihood="high",
    impact="high",
    raised_by="rosario",
    raised=2,
    acts=(
        ciso(minutes(60), "high", "high", "mitigate",
             "Reachable from the internet, with a public exploit. A fixed release is there.",
             conditions="The port is closed to the internet until it is in."),
    ),
    ends=RiskStatus.UNDECIDED,
    waits=("cio_position",),
)  # fmt: skip

ARCHIVES = Story(
    cve="CVE-2025-8088",
    title="An opened archive plants a program that starts with the next sign-in",
    description="""The unpacking program on 600 workplaces places files outside the chosen folder. Loan
        applications reach us as archives every day.""",
    category="vulnerability",
    assets=("workplaces",),
    likelihood="high",
    impact="moderate",
    raised_by="delacroix",
    raised=1,
    acts=(),
    ends=RiskStatus.UNDECIDED,
    waits=("cio_position", "ciso_position"),
)  # fmt: skip

STORIES = (
    HOST_MANAGEMENT,
    HOST_ESCAPE,
    BROKERAGE,
    WORKPLACES,
    REMOTE_SUPPORT,
    BUILD_SERVER,
    AUDITOR_FILES,
    ENDPOINT_SERVER,
    ARCHIVES,
)
