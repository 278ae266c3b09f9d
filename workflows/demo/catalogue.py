"""An excerpt of the catalogue of known exploited vulnerabilities, for the demonstration.

Facts are the catalogue's own (CISA, catalogue of 25 August 2025: numbers, vendors, products, dates, use by
ransomware, classes of weakness). Names and descriptions are written for this demonstration; an import of the
real catalogue replaces them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

FILE = "demonstration-excerpt.json"
ACTION = "Apply the vendor's fix or mitigation; where there is none, stop using the product."
NOTES = "Excerpt for the demonstration. Import the catalogue itself for the full texts."


@dataclass(frozen=True, slots=True)
class Weakness:
    """One entry."""

    cve: str
    vendor: str
    product: str
    added: date
    due: date
    ransomware: bool
    cwes: str
    name: str
    description: str


def catalogue_file() -> bytes:
    """The excerpt as a file in the catalogue's JSON format."""
    entries = [
        {
            "cveID": one.cve,
            "vendorProject": one.vendor,
            "product": one.product,
            "vulnerabilityName": f"{one.vendor} {one.product}: {one.name}",
            "dateAdded": one.added.isoformat(),
            "shortDescription": one.description,
            "requiredAction": ACTION,
            "dueDate": one.due.isoformat(),
            "knownRansomwareCampaignUse": "Known" if one.ransomware else "Unknown",
            "notes": NOTES,
            "cwes": one.cwes.split(),
        }
        for one in WEAKNESSES
    ]
    excerpt = {"catalogVersion": "Demonstration excerpt", "count": len(entries), "vulnerabilities": entries}
    return json.dumps(excerpt, ensure_ascii=False, indent=1).encode()


def due_date(cve: str) -> date:
    """By when the catalogue wants a weakness dealt with. Raises `KeyError`."""
    return _BY_CVE[cve].due


WEAKNESSES = (
    Weakness("CVE-2025-48384", "Git", "Git",
             date(2025, 8, 25), date(2025, 9, 15), False, "CWE-59 CWE-436",
             "Clone of a hostile repository runs code",
             "A crafted submodule path lets a repository write files where they are run as soon as "
             "somebody clones it."),
    Weakness("CVE-2025-54948", "Trend Micro", "Apex One",
             date(2025, 8, 18), date(2025, 9, 8), False, "CWE-78",
             "Command injection in the management console",
             "Whoever reaches the on-premises console of the endpoint protection can run commands on it "
             "before signing in."),
    Weakness("CVE-2025-8088", "RARLAB", "WinRAR",
             date(2025, 8, 12), date(2025, 9, 2), False, "CWE-35",
             "Path traversal while unpacking",
             "An archive opened with the Windows version can place files outside the chosen folder, for "
             "example where programs start with the next sign-in."),
    Weakness("CVE-2025-53770", "Microsoft", "SharePoint",
             date(2025, 7, 20), date(2025, 7, 21), True, "CWE-502",
             "Remote code execution on on-premises servers",
             "Untrusted data is turned back into objects, so that an unauthenticated request can run code "
             "on the server and steal its signing keys."),
    Weakness("CVE-2025-47812", "Wing FTP Server", "Wing FTP Server",
             date(2025, 7, 14), date(2025, 8, 4), False, "CWE-158",
             "Code injection at sign-in",
             "A null byte in the user name lets an attacker inject script code that runs with the rights "
             "of the file transfer service."),
    Weakness("CVE-2025-5777", "Citrix", "NetScaler ADC and Gateway",
             date(2025, 7, 10), date(2025, 7, 11), True, "CWE-125",
             "Memory leak that gives sessions away",
             "Crafted requests to a gateway return pieces of its memory, session tokens among them, with "
             "which attackers pass the second factor."),
    Weakness("CVE-2025-6554", "Google", "Chromium V8",
             date(2025, 7, 2), date(2025, 7, 23), False, "CWE-843",
             "Type confusion in the JavaScript engine",
             "A web page can read and write memory of the browser through a type confusion."),
    Weakness("CVE-2025-32433", "Erlang", "Erlang/OTP",
             date(2025, 6, 9), date(2025, 6, 30), False, "CWE-306",
             "Commands over SSH before sign-in",
             "The SSH server of the platform handles some messages before authentication, which lets "
             "anybody who reaches it run commands."),
    Weakness("CVE-2025-31324", "SAP", "NetWeaver",
             date(2025, 4, 29), date(2025, 5, 20), True, "CWE-434",
             "Upload of programs without sign-in",
             "A development component left reachable takes files from anybody and runs them on the "
             "application server."),
    Weakness("CVE-2025-29824", "Microsoft", "Windows",
             date(2025, 4, 8), date(2025, 4, 29), True, "CWE-416",
             "Local rise to system rights",
             "A use-after-free in the log file driver turns an ordinary account on a machine into one with"
             " system rights."),
    Weakness("CVE-2025-31161", "CrushFTP", "CrushFTP",
             date(2025, 4, 7), date(2025, 4, 28), True, "CWE-305",
             "Sign-in bypass of the administrator",
             "A race in how requests are authenticated lets an attacker act as the built-in administrator "
             "of the file server."),
    Weakness("CVE-2025-22457", "Ivanti", "Connect Secure, Policy Secure, and ZTA Gateways",
             date(2025, 4, 4), date(2025, 4, 11), True, "CWE-121",
             "Stack overflow in the VPN gateway",
             "An overflow in the web service of the gateway lets an unauthenticated attacker run code on "
             "it."),
    Weakness("CVE-2025-24813", "Apache", "Tomcat",
             date(2025, 4, 1), date(2025, 4, 22), False, "CWE-44 CWE-502",
             "Path equivalence that can run code",
             "Where the default servlet may write, partial uploads can overwrite session files and end in "
             "running the attacker's code."),
    Weakness("CVE-2025-24472", "Fortinet", "FortiOS and FortiProxy",
             date(2025, 3, 18), date(2025, 4, 8), True, "CWE-288",
             "Sign-in bypass by crafted proxy requests",
             "An attacker who knows serial numbers of devices can gain super-administrator rights."),
    Weakness("CVE-2025-22225", "VMware", "ESXi",
             date(2025, 3, 4), date(2025, 3, 25), False, "CWE-123",
             "Escape from a virtual machine",
             "Whoever has rights in the process of a virtual machine can write to the kernel of the host "
             "and leave the machine's boundaries."),
    Weakness("CVE-2024-55591", "Fortinet", "FortiOS and FortiProxy",
             date(2025, 1, 14), date(2025, 1, 21), True, "CWE-288",
             "Sign-in bypass of the management interface",
             "Crafted requests to a websocket of the management interface give super-administrator rights."),
    Weakness("CVE-2025-0282", "Ivanti", "Connect Secure, Policy Secure, and ZTA Gateways",
             date(2025, 1, 8), date(2025, 1, 15), True, "CWE-121",
             "Stack overflow before sign-in",
             "An overflow in the VPN gateway lets an unauthenticated attacker run code on it and hide "
             "there."),
    Weakness("CVE-2024-50623", "Cleo", "Multiple Products",
             date(2024, 12, 13), date(2025, 1, 3), True, "CWE-434",
             "Unrestricted upload and download",
             "The file transfer product takes and hands out files without enough checks, which leads to "
             "running code."),
    Weakness("CVE-2024-40711", "Veeam", "Backup & Replication",
             date(2024, 10, 17), date(2024, 11, 7), True, "CWE-502",
             "Remote code execution on the backup server",
             "Untrusted data is turned back into objects, so that an unauthenticated attacker can run code"
             " on the backup server."),
    Weakness("CVE-2020-0618", "Microsoft", "SQL Server",
             date(2024, 9, 18), date(2024, 10, 9), False, "CWE-502",
             "Code execution through report pages",
             "A signed-in user of the reporting service can send a page request that runs code with the "
             "rights of the service."),
    Weakness("CVE-2024-40766", "SonicWall", "SonicOS",
             date(2024, 9, 9), date(2024, 9, 30), True, "CWE-284",
             "Improper access control",
             "Access control of the management interface and remote access fails under certain conditions "
             "and lets attackers in."),
    Weakness("CVE-2024-23897", "Jenkins", "Jenkins Command Line Interface (CLI)",
             date(2024, 8, 19), date(2024, 9, 9), True, "CWE-27",
             "Reading of files through the command line interface",
             "Arguments that begin with an at sign are replaced by a file's content, so that outsiders can"
             " read files of the server."),
    Weakness("CVE-2024-37085", "VMware", "ESXi",
             date(2024, 7, 30), date(2024, 8, 20), True, "CWE-305",
             "Administrator rights by a group's name",
             "A domain group of a certain name, created anew, gives its members full rights on every host "
             "joined to the domain."),
    Weakness("CVE-2024-28995", "SolarWinds", "Serv-U",
             date(2024, 7, 17), date(2024, 8, 7), False, "CWE-22",
             "Path traversal",
             "A crafted path lets an unauthenticated attacker read files of the file transfer server."),
    Weakness("CVE-2024-4577", "PHP Group", "PHP",
             date(2024, 6, 12), date(2024, 7, 3), True, "CWE-78",
             "Argument injection through character sets",
             "On some Windows configurations, characters that are mapped to others pass options to the "
             "interpreter and run code."),
    Weakness("CVE-2023-7028", "GitLab", "GitLab CE/EE",
             date(2024, 5, 1), date(2024, 5, 22), False, "CWE-284",
             "Account takeover by password reset",
             "Password reset messages can be sent to an address that was never confirmed, so that an "
             "outsider takes an account over."),
    Weakness("CVE-2024-3400", "Palo Alto Networks", "PAN-OS",
             date(2024, 4, 12), date(2024, 4, 19), True, "CWE-20 CWE-77",
             "Command injection in the remote access feature",
             "An unauthenticated attacker can run commands with the highest rights on the firewall."),
    Weakness("CVE-2023-48788", "Fortinet", "FortiClient EMS",
             date(2024, 3, 25), date(2024, 4, 15), True, "CWE-89",
             "SQL injection in the management server",
             "Crafted messages to the endpoint management server run commands with system rights before "
             "any sign-in."),
    Weakness("CVE-2024-27198", "JetBrains", "TeamCity",
             date(2024, 3, 7), date(2024, 3, 28), True, "CWE-288",
             "Sign-in bypass on the build server",
             "An alternative path skips authentication and gives full control of the build server and what"
             " it signs."),
    Weakness("CVE-2024-1709", "ConnectWise", "ScreenConnect",
             date(2024, 2, 22), date(2024, 2, 29), True, "CWE-288",
             "Sign-in bypass in the set-up page",
             "The first-use set-up can be called again on a running server, which creates a new "
             "administrator."),
    Weakness("CVE-2024-21762", "Fortinet", "FortiOS",
             date(2024, 2, 9), date(2024, 2, 16), True, "CWE-787",
             "Out-of-bounds write in the VPN service",
             "Crafted web requests let an unauthenticated attacker run code on the gateway."),
    Weakness("CVE-2023-34048", "VMware", "vCenter Server",
             date(2024, 1, 22), date(2024, 2, 12), False, "CWE-787",
             "Out-of-bounds write in the management server",
             "Crafted network messages to the management server can run code on it without sign-in."),
    Weakness("CVE-2023-46604", "Apache", "ActiveMQ",
             date(2023, 11, 2), date(2023, 11, 23), True, "CWE-502",
             "Remote code execution in the message broker",
             "The broker's protocol can be made to load a class of the attacker's choice, and with it "
             "commands."),
    Weakness("CVE-2023-46747", "F5", "BIG-IP Configuration Utility",
             date(2023, 10, 31), date(2023, 11, 21), True, "CWE-288",
             "Sign-in bypass of the configuration utility",
             "Smuggled requests skip authentication of the management interface and run commands with "
             "system rights."),
    Weakness("CVE-2023-4966", "Citrix", "NetScaler ADC and NetScaler Gateway",
             date(2023, 10, 18), date(2023, 11, 8), True, "CWE-119",
             "Memory leak that gives sessions away",
             "A gateway returns pieces of its memory to unauthenticated requests, valid sessions among "
             "them."),
    Weakness("CVE-2023-20198", "Cisco", "IOS XE Web UI",
             date(2023, 10, 16), date(2023, 10, 20), False, "CWE-420",
             "Creation of an administrator through the web interface",
             "The web interface of the router lets anybody who reaches it create an account with the "
             "highest rights."),
    Weakness("CVE-2023-22515", "Atlassian", "Confluence Data Center and Server",
             date(2023, 10, 5), date(2023, 10, 13), True, "",
             "Creation of administrators by outsiders",
             "Broken access control lets an outsider create an administrator's account on a reachable "
             "server."),
    Weakness("CVE-2023-38831", "RARLAB", "WinRAR",
             date(2023, 8, 24), date(2023, 9, 14), True, "CWE-351",
             "Code run while opening a harmless file",
             "Opening a picture or text within a crafted archive runs a program of the same name."),
    Weakness("CVE-2023-27997", "Fortinet", "FortiOS and FortiProxy SSL-VPN",
             date(2023, 6, 13), date(2023, 7, 4), True, "CWE-122",
             "Heap overflow in the VPN service",
             "A heap overflow before sign-in lets attackers run code on the gateway."),
    Weakness("CVE-2023-34362", "Progress", "MOVEit Transfer",
             date(2023, 6, 2), date(2023, 6, 23), True, "CWE-89",
             "SQL injection in the file transfer server",
             "An unauthenticated attacker reads and changes the database of the file transfer server, and "
             "with it the files."),
    Weakness("CVE-2023-27350", "PaperCut", "MF/NG",
             date(2023, 4, 21), date(2023, 5, 12), True, "CWE-284",
             "Sign-in bypass that runs code",
             "The print management server lets unauthenticated attackers run code with system rights."),
    Weakness("CVE-2022-41040", "Microsoft", "Exchange Server",
             date(2022, 9, 30), date(2022, 10, 21), True, "CWE-918",
             "Server-side request forgery",
             "A signed-in attacker makes the mail server send requests to itself; with a second weakness "
             "this ends in running code."),
    Weakness("CVE-2022-22965", "VMware", "Spring Framework",
             date(2022, 4, 4), date(2022, 4, 25), False, "CWE-94",
             "Remote code execution through data binding",
             "Request parameters bound to objects can reach the class loader and write a program into the "
             "application server."),
    Weakness("CVE-2021-44228", "Apache", "Log4j2",
             date(2021, 12, 10), date(2021, 12, 24), True, "CWE-20 CWE-400 CWE-502",
             "Remote code execution by a logged text",
             "A text that is logged can make the library load and run code from a server of the attacker's"
             " choice."),
    Weakness("CVE-2021-34527", "Microsoft", "Windows",
             date(2021, 11, 3), date(2021, 7, 20), True, "CWE-269",
             "Print spooler runs code with system rights",
             "The print spooler installs drivers with too few checks, so that an ordinary account can run "
             "code with system rights."),
    Weakness("CVE-2020-14882", "Oracle", "WebLogic Server",
             date(2021, 11, 3), date(2022, 5, 3), False, "",
             "Console of the application server runs code",
             "Crafted web requests reach the administration console without sign-in and run code on the "
             "server."),
    Weakness("CVE-2020-1472", "Microsoft", "Netlogon",
             date(2021, 11, 3), date(2020, 9, 21), True, "CWE-330",
             "Takeover of a domain controller",
             "A weakness in the sign-on protocol lets anybody who reaches a domain controller reset its "
             "password and take the domain over."),
    Weakness("CVE-2019-0708", "Microsoft", "Remote Desktop Services",
             date(2021, 11, 3), date(2022, 5, 3), True, "CWE-416",
             "Remote code execution before sign-in",
             "A crafted connection to the remote desktop service of older systems runs code without any "
             "action of a user, and can spread by itself."),
)  # fmt: skip
_BY_CVE = {one.cve: one for one in WEAKNESSES}
