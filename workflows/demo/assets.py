"""The constructed bank's assets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AssetData:
    """A system, service or collection of data."""

    id: str
    name: str
    unit: str
    criticality: str
    is_shared: bool
    description: str


ASSETS = (
    AssetData("internet-gateway", "Internet gateway", "technology", "very high", True,
              "Firewalls and load balancers in front of everything customers and partners reach."),
    AssetData("remote-access", "Remote access service", "technology", "very high", True,
              "How 1,900 staff and 40 suppliers reach the bank's network from outside."),
    AssetData("directory", "Identity directory", "technology", "very high", True,
              "Accounts and groups of all staff; whoever controls it controls every system that trusts it."),
    AssetData("virtualisation", "Virtualisation platform", "technology", "very high", True,
              "Two data centres, 84 hosts, some 2,300 virtual servers."),
    AssetData("mail", "E-mail and calendars", "technology", "high", True,
              "Mailboxes of all staff and shared mailboxes of the customer desks."),
    AssetData("workplaces", "Staff workplaces", "technology", "high", True,
              "2,400 notebooks and desktops with the standard software."),
    AssetData("wiki", "Knowledge wiki", "technology", "moderate", True,
              "Run books, project pages and minutes; no customer data by policy."),
    AssetData("backup", "Backup and recovery", "technology", "very high", True,
              "Daily copies of all servers; the last resort after destructive attacks."),
    AssetData("build-pipeline", "Source code and build pipeline", "technology", "high", True,
              "Where the bank's own software is kept, built, signed and released from."),
    AssetData("help-desk", "Help desk and remote support", "technology", "moderate", True,
              "Tickets, and the tool with which support staff take over a screen."),
    AssetData("print-service", "Print service", "operations", "low", True,
              "Print servers and badge-release printers of head office and branches."),
    AssetData("file-exchange", "File exchange with partners", "operations", "high", True,
              "Nightly files with card schemes, registries, printers and the auditor."),
    AssetData("core-banking", "Core banking system", "operations", "very high", True,
              "Accounts, balances and postings of 610,000 customers."),
    AssetData("payment-hub", "Payment hub", "payments", "very high", True,
              "Routes all transfers, instant payments included, to the clearing systems."),
    AssetData("card-switch", "Card authorisation switch", "payments", "very high", False,
              "Answers card authorisations around the clock; a vendor appliance."),
    AssetData("online-banking", "Online banking", "digital", "very high", False,
              "Web and mobile banking; 380,000 customers use it each month."),
    AssetData("branch-network", "Branch network and counters", "retail", "high", False,
              "Lines, routers, counters and cheque scanners of 47 branches."),
    AssetData("data-warehouse", "Customer data warehouse", "finance", "high", True,
              "Profitability, regulatory reporting and models, on pseudonymised customer data."),
    AssetData("general-ledger", "General ledger", "finance", "very high", False,
              "Books of the bank; closes every month within four working days."),
    AssetData("document-archive", "Document archive", "legal", "moderate", False,
              "Contracts, board papers and customer files under retention."),
)  # fmt: skip
