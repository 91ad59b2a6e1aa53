"""What ingest says when it cannot take a file, or takes it with losses."""

from __future__ import annotations

from ringwall.basics import Refusal, refuse


def unset(where: str, least_key_bytes: int) -> Refusal:
    return refuse(
        "traffic_privacy_unset",
        where,
        zh=f"未给出被保险人的假名密钥（至少 {least_key_bytes} 字节）或内网地址段，内网地址会以明文流出；"
        "请先在其档案中设置",
        en=f"without the insured's pseudonym key ({least_key_bytes} bytes or more) and inside ranges its addresses "
        "would leave in the clear; set both in its record first",
    )


def unreadable(where: str, reason: str) -> Refusal:
    return refuse(
        "traffic_unreadable",
        where,
        zh=f"无法读取该文件：{reason}；请检查路径与权限后重试",
        en=f"the file cannot be read: {reason}; check path and rights and send it again",
    )


def too_large(where: str, memory_mib: int) -> Refusal:
    return refuse(
        "traffic_memory",
        where,
        zh=f"汇总超出 {memory_mib} MiB 内存上限；请让传感器更频繁地轮换文件，或提高上限",
        en=f"the counts do not fit in {memory_mib} MiB; rotate the sensor's file more often, or allow more memory",
    )


def still_open(where: str) -> Refusal:
    return refuse(
        "traffic_file_open",
        where,
        zh="读取期间文件仍在变化，只接收已关闭的文件；请待传感器轮换后再送",
        en="the file changed while it was read, and only closed files are taken; send it after its rotation",
    )


def no_events(where: str, lines: int) -> Refusal:
    return refuse(
        "traffic_no_events",
        where,
        zh=f"{lines} 行中没有一行是 EVE 事件；请送未压缩的 Suricata eve.json（每行一个 JSON）",
        en=f"none of its {lines} lines is an EVE event; send Suricata's eve.json uncompressed, one value a line",
    )


def rows_left_out(where: str, kept: int, more: int) -> Refusal:
    return refuse(
        "traffic_rows_left_out",
        where,
        zh=f"值得关注的记录超过 {kept} 条上限，另有 {more} 条未逐条保留（小时计数中仍计入）；请检查规则或缩短轮换间隔",
        en=f"more than {kept} rows of interest: {more} further ones are only in the hourly counts; "
        "check the rules or rotate the file more often",
    )


def all_outside(where: str) -> Refusal:
    return refuse(
        "traffic_all_outside",
        where,
        zh="没有一条记录涉及所给的内网地址段，按主机的指标无从得出；请核对地址段",
        en="no event touches the given inside ranges, so nothing can be said of any host; check the ranges",
    )


def cut_short(where: str, offset: int) -> Refusal:
    return refuse(
        "traffic_tail_cut",
        where,
        zh=f"已读到第 {offset} 字节，但文件已被截断或改写，现从头读取；请让传感器改名轮换，不要截断",
        en=f"it was read up to byte {offset} and has since been cut or rewritten, so it is read from its start; "
        "let the sensor rotate by renaming, never by cutting",
    )


def gone(where: str, offset: int) -> Refusal:
    return refuse(
        "traffic_tail_gone",
        where,
        zh=f"读到第 {offset} 字节的文件已不在，其后事件可能未实时读取；请延长原始文件保留期，批量入库会补齐计数",
        en=f"the file that was read up to byte {offset} is gone, later events in it may not have been read live; "
        "keep raw files longer: the batch makes the counts whole",
    )
