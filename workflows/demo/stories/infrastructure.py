"""What everything else runs on: directory, hosts, backup, branches' machines, printers."""

from __future__ import annotations

from workflows.demo.story import (
    DEPUTY_CIO,
    Story,
    accept,
    avoid,
    challenge,
    challenge_later,
    cio,
    ciso,
    concur,
    exempt,
    mitigate,
    stand,
    vote,
)
from workflows.risks.types import RiskStatus

DIRECTORY = Story(
    cve="CVE-2020-1472",
    title="Takeover of the identity directory from any connected machine",
    description="""Two old domain controllers at the recovery site still accept the weak form of the sign-
        on protocol. Anybody in the network can reset their password and with it own every account.""",
    category="vulnerability",
    assets=("directory",),
    likelihood="high",
    impact="very_high",
    raised_by="rosario",
    raised=180,
    acts=(
        ciso(178, "very_high", "very_high", "mitigate",
             "Our own test took eleven seconds. Ransomware groups have used this since 2020."),
        cio(177, "high", "very_high", "mitigate",
            "Every system that signs people in depends on the directory.",
            "There is no business case for keeping these two controllers as they are."),
        mitigate(176, """Both controllers are replaced within ten days by Priya Ravenscroft's team; until
                      then they are cut from the network and recovery uses the main site.""",
                 "Quick, cheap, and nothing depends on the old ones but habit."),
        concur(175),
    ),
    ends=RiskStatus.IN_TREATMENT,
    is_late=True,
)  # fmt: skip

HOSTS_BY_GROUP = Story(
    cve="CVE-2024-37085",
    title="One directory group gives full control of all virtual hosts",
    description="""The hosts trust a directory group by its name. Whoever can create groups can create
        that one, and then stop or encrypt 2,300 servers at once. Ransomware groups have done so
        elsewhere.""",
    category="vulnerability",
    assets=("virtualisation", "directory"),
    likelihood="high",
    impact="very_high",
    raised_by="thornbury",
    raised=170,
    acts=(
        cio(168, "low", "very_high", "exempt",
            "All services run here. An upgrade moves every server once and takes four weekends.",
            "The upgrade is planned with the new hosts in half a year; few people may create groups."),
        ciso(167, "high", "very_high", "mitigate",
             "31 people may create groups, 14 of them without need. Use by ransomware is on record.",
             conditions="""Hosts leave the directory, or the right to create groups is held by five named
                        people."""),
        exempt(166, 120,
               "The right to create groups is reviewed and cut within 30 days.",
               """The directory team raises an alert when the group is created; the security centre
               answers it in 15 minutes.""",
               """Four weekends of moving servers for a weakness that needs an administrator's help are
               out of proportion."""),
        challenge(165, "conditions_unmet",
                  """The alert that this decision relies on does not exist: we created the group two days
                  ago and nobody called. The same review of rights was promised in two earlier cases.""",
                  "The alert shown to work, unannounced, or the hosts taken out of the directory."),
        stand(163, "The alert is being built and will be there in two weeks. I stand by the six months."),
        vote("petrakis", 162, "overturn", "A control that is being built is not a control."),
        vote("castellane", 161, "overturn", """The cost of four weekends is small beside the loss of all
                                          servers."""),
        vote("holloway", 161, "overturn", """I would have followed the CIO for a month with a working
                                        alert, not for six without."""),
        vote("whitlock", 160, "overturn", "We could not explain this to the supervisor after the fact."),
        vote("okonjo", 160, "amend", """Four weekends in our busiest weeks
                                      carry a risk of their own. Ninety days
                                      would do.""",
             days=90, conditions="The alert works, and is tested unannounced, within two weeks."),
    ),
    ends=RiskStatus.NOT_ACCEPTED,
)  # fmt: skip

CHEQUE_SCANNERS = Story(
    cve="CVE-2019-0708",
    title="Cheque scanning stations can be taken over without anybody signing in",
    description="""94 stations in the branches run a system that the vendor no longer mends. A crafted
        connection takes one over and can spread to the next by itself.""",
    category="resilience",
    assets=("branch-network",),
    likelihood="moderate",
    impact="high",
    raised_by="sundaram",
    raised=166,
    acts=(
        cio(164, "moderate", "high", "avoid",
            "Cheques are three in a thousand payments, and fall by a fifth each year.",
            "The stations cannot be patched, and the counters can scan with what they have."),
        ciso(163, "moderate", "high", "avoid", """Old, public and able to spread; there are better
                                               targets, but few easier ones."""),
        avoid(162, """The stations are switched off within six weeks, branch by branch; counters scan
                   cheques with their ordinary scanners. Costs 18,000 for licences and saves 60,000 a
                   year of maintenance."""),
        concur(160),
        # In force for two months: the CISO learns that it was not carried out as told.
        challenge_later(95, "conditions_unmet",
                        """Our walk through eleven branches found five stations running in back rooms; they
                        are switched off on paper only, and were seen to scan for others.""",
                        "The stations' network segment is closed to everything but the update server."),
        cio(93, "moderate", "high", "avoid",
            "As before; what is left of the stations earns nothing.",
            "I was told that all of them were off, and reported it so. They come out of the branches now."),
        ciso(92, "high", "high", "avoid",
             "Five found running in eleven branches, of 63. One of them had been taken over.",
             conditions="Each station is collected and signed for."),
        avoid(91, """All stations are collected within four weeks and destroyed; branch operations signs for
                  each of them by its number."""),
        concur(90),
    ),
    ends=RiskStatus.IN_TREATMENT,
)  # fmt: skip

PRINTING = Story(
    cve="CVE-2023-27350",
    title="The print management server runs code for anybody in the office network",
    description="""A print server kept for two label printers in the cash centre runs an old release that lets
        unauthenticated requests run code. It stands alone in its own network segment.""",
    category="vulnerability",
    assets=("print-service",),
    likelihood="moderate",
    impact="low",
    raised_by="sundaram",
    raised=143,
    acts=(
        cio(141, "low", "low", "accept",
            "Labels for cash bags; a day without them is an annoyance.",
            "The server stands alone, holds nothing and reaches nothing. The new printers need none.",
            by=DEPUTY_CIO),
        ciso(140, "moderate", "low", "accept",
             "Segment checked: two printers and one workstation. A takeover would stay there.",
             conditions="The segment stays closed; the server is looked at again when the printers change."),
        accept(139, 180, """The damage is low, the segment is closed, and the printers go within the
                         year.""",
                         by=DEPUTY_CIO),
        # Within appetite, and both proposed it: no answer is asked for.
    ),
    ends=RiskStatus.ACCEPTED,
)  # fmt: skip

BACKUP = Story(
    cve="CVE-2024-40711",
    title="Attackers delete the backups before they encrypt the servers",
    description="""The backup servers run a release in which unauthenticated requests run code. Attackers
        go for backups first: without them a bank pays or starts again from nothing.""",
    category="resilience",
    assets=("backup", "virtualisation"),
    likelihood="high",
    impact="very_high",
    raised_by="rosario",
    raised=118,
    acts=(
        ciso(116, "high", "very_high", "mitigate",
             """Used by ransomware groups within weeks of the fix. The second copy cannot be deleted,
             which helps.""",
             conditions="The unchangeable copy is restored from, in a test, before any delay."),
        cio(115, "moderate", "very_high", "exempt",
            "The new release needs new agents on 2,300 servers, twelve of them in core banking.",
            "Six weeks let us roll the agents out with the regular changes rather than against them."),
        exempt(114, 45,
               "The unchangeable copy is kept for 60 days and one system is restored from it every week.",
               "The backup network is cut from the office network; backup operations, checked by audit.",
               "The agents can be rolled out safely in six weeks; the second copy carries us until then."),
        concur(112),
        # Expired after 45 days: the agents are rolled out but for one appliance.
        cio(62, "low", "moderate", "accept",
            "All servers have the new agents. One appliance for telephone recordings cannot take it.",
            "What is left is one appliance, with its own copy that nobody can delete."),
        ciso(61, "low", "moderate", "accept",
             """Restored from the unchangeable copy six weeks in a row. The appliance reaches the backup
             network one way only."""),
        accept(59, 240, """The remaining risk is one appliance, which is replaced with the telephone
                        system next year. Its recordings are kept twice."""),
    ),
    ends=RiskStatus.ACCEPTED,
)  # fmt: skip

STORIES = (DIRECTORY, HOSTS_BY_GROUP, CHEQUE_SCANNERS, PRINTING, BACKUP)
