namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>An import or clone of which nothing comes; the codes are those of the real servers, whose texts differ.</summary>
internal sealed class TransferFaultException(int code, string text, bool countsNothing = false) : Exception(text)
{
    public int Code { get; } = code;

    /// <summary>The answer has no counts at all.</summary>
    public bool CountsNothing { get; } = countsNothing;

    public static TransferFaultException NoFile => new(100005, "导入的文件数据为空", countsNothing: true);

    public static TransferFaultException NoNamespace => new(100001, "目标 namespace 不存在");

    public static TransferFaultException BadMetadata => new(100002, "导入的元数据非法");

    public static TransferFaultException Empty => new(100005, "导入的文件数据为空");

    public static TransferFaultException NothingSelected => new(100006, "没有选择任何配置");
}
