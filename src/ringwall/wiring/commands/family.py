"""The commands that open the house: name and help of each, and how its work is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from ringwall.basics import Words
from ringwall.shell.cli import Listed, Work

Environment = Mapping[str, str]


def house_commands(home: Path, environment: Environment) -> tuple[Listed, ...]:
    """Nothing of the house is loaded before one of them is asked for."""
    return tuple(Listed(name, said, partial(load, home, environment)) for name, (said, load) in COMMANDS.items())


def _life(home: Path, environment: Environment) -> Work:
    from ringwall.wiring.commands.serve import serve_house
    from ringwall.wiring.life import Life

    return Life(home, environment, serve_house)


def _serve(home: Path, environment: Environment) -> Work:
    from ringwall.wiring.commands.serve import Serve

    return Serve(home, environment)


def _messages(home: Path, environment: Environment) -> Work:
    from ringwall.wiring.commands.message_office import MessageOffice

    return MessageOffice(home, environment)


def _watch(home: Path, environment: Environment) -> Work:
    from ringwall.wiring.commands.watch import Watch

    return Watch(home, environment)


def _feeds(home: Path, environment: Environment) -> Work:
    from ringwall.wiring.commands.feeds import Feeds

    return Feeds(home, environment)


def _hand_in(home: Path, environment: Environment) -> Work:
    from ringwall.wiring.commands.hand_in import HandIn

    return HandIn(home, environment)


def _refit(home: Path, environment: Environment) -> Work:
    from ringwall.wiring.commands.refit import Refit

    return Refit(home, environment)


def _payables(home: Path, environment: Environment) -> Work:
    from ringwall.wiring.commands.payables import Payables

    return Payables(home, environment)


COMMANDS: Mapping[str, tuple[Words, Callable[[Path, Environment], Work]]] = {
    "life": (
        Words(
            "保单的一年：从投保到赔付与市场数字；再次运行会从已完成处继续",
            "A year in the life of a policy, from the application to the market; a second run goes on after what is "
            "done",
        ),
        _life,
    ),
    "serve": (Words("提供门户网站与接口，直到按 Ctrl-C", "Serve the portal and the API until Ctrl-C"), _serve),
    "messages": (
        Words(
            "寄出的消息：send 发送到期的，dead 列出已放弃的，again 重试已放弃的，read 读取邮件服务器的投递状态通知，"
            "reach 登记某人的邮箱与手机",
            "Messages that leave the house: send what is due, list what was given up (dead), try it again, read what "
            "mail servers answered (read), or say where a person is reached (reach)",
        ),
        _messages,
    ),
    "watch": (
        Words(
            "跟读一台流量传感器：告警数秒内送达，已关闭的文件计入小时表，过期原始文件删除；SIGTERM 或 Ctrl-C 结束\n\n"
            "示例：ringwall watch SUB-000001 --as jiangkou --inside 10.41.0.0/16 --spool /var/log/suricata\n"
            "可随时中止（包括 kill -9）：再次启动从检查点继续，不丢失、不重复。一台传感器只由一个进程读取。",
            "follow one traffic sensor: alerts within seconds, closed files into the hour table, old raw files "
            "deleted; SIGTERM or Ctrl-C ends it\n\n"
            "Example: ringwall watch SUB-000001 --as jiangkou --inside 10.41.0.0/16 --spool /var/log/suricata\n"
            "It may be stopped at any time, also by kill -9: the next start goes on at the checkpoint, loses nothing "
            "and counts nothing twice. One process reads one sensor.",
        ),
        _watch,
    ),
    "feeds": (
        Words(
            "漏洞情报：载入 KEV 与 EPSS，通知新增条目所涉及的保险单；查看已载入的版本及其日期\n\n"
            "示例：ringwall feeds load --as shouan --from feeds/",
            "vulnerability feeds: load KEV and EPSS and tell the policies that new entries touch; show what was "
            "loaded\n\n"
            "Example: ringwall feeds load --as shouan --from feeds/",
        ),
        _feeds,
    ),
    "hand-in": (
        Words(
            "提交其他扫描工具的报告或 VEX 声明（nmap、sslyze、testssl、nuclei、ZAP、OpenVAS、trivy、grype、SARIF、"
            "CycloneDX VEX）\n\n"
            "示例：ringwall hand-in SUB-000001 report.xml --as jiangkou\n"
            "按内容识别；超出授权范围的部分不入档。所报发现项只作提示，不影响价格。",
            "hand in a report of another scanner or a VEX statement (nmap, sslyze, testssl, nuclei, ZAP, OpenVAS, "
            "trivy, grype, SARIF, CycloneDX VEX)\n\n"
            "Example: ringwall hand-in SUB-000001 report.xml --as jiangkou\n"
            "The tool is recognised by the content; what is outside the consent is left out. Nothing of it moves a "
            "price.",
        ),
        _hand_in,
    ),
    "refit": (
        Words(
            "用自己的理赔重新拟合损失模型：propose 提出新版本，show 与现用版本比较，adopt/decline 决定，"
            "export 导出文件\n\n"
            "示例：ringwall refit propose 2026-02 --as shouan.claims；ringwall refit adopt SHOUAN-REFIT-000001 "
            '--as shouan --reason "……"\n'
            "提案不改变任何价格；采用后，须备案以新版本为基础的费率才按其计价。",
            "refit the loss model to own claims: propose a version, show it beside the one in use, adopt or decline "
            "it, export its files\n\n"
            "Example: ringwall refit propose 2026-02 --as shouan.claims, ringwall refit adopt SHOUAN-REFIT-000001 "
            '--as shouan --reason "..."\n'
            "A proposal moves no price; adopted, it prices only under rates that are filed with it.",
        ),
        _refit,
    ),
    "payables": (
        Words(
            "应付服务机构款：list 列出已结算发票及到期日，pay 支付到期发票（每张只付一次）\n\n"
            "示例：ringwall payables list --as shouan.claims；ringwall payables pay --as shouan.claims\n"
            "未到期、有争议、机构被暂停合作或未登记收款账户的，不付并说明原因。",
            "what is owed to service providers: list settled invoices with their due day, pay what is due, "
            "once\n\n"
            "Example: ringwall payables list --as shouan.claims, ringwall payables pay --as shouan.claims\n"
            "What is not due, disputed, of a suspended provider or of one without an account is not paid; it says why.",
        ),
        _payables,
    ),
}
