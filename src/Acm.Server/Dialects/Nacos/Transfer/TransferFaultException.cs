namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>An error that fails an import or clone as a whole. The codes are those of Nacos; the texts depend on the version.</summary>
internal sealed class TransferFaultException(int code, string text, bool countsNothing = false) : Exception(text)
{
    public int Code { get; } = code;

    /// <summary>Gets whether the response omits the counts.</summary>
    public bool CountsNothing { get; } = countsNothing;

    public static TransferFaultException NoFile => new(100005, "导入的文件数据为空", countsNothing: true);

    public static TransferFaultException NoNamespace => new(100001, "目标 namespace 不存在");

    public static TransferFaultException BadMetadata => new(100002, "导入的元数据非法");

    public static TransferFaultException Empty => new(100005, "导入的文件数据为空");

    public static TransferFaultException NothingSelected => new(100006, "没有选择任何配置");
}
