namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>An import or clone of which nothing comes; the codes are those of the real servers, whose texts differ.</summary>
internal sealed class TransferFaultException(int code, string text) : Exception(text)
{
    public int Code { get; } = code;

    public static TransferFaultException NoNamespace => new(100001, "目标 namespace 不存在");

    public static TransferFaultException BadMetadata => new(100002, "导入的元数据非法");

    public static TransferFaultException Empty => new(100005, "导入的文件数据为空");

    public static TransferFaultException NothingSelected => new(100006, "没有选择任何配置");
}
