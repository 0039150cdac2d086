namespace Acm.Server.Dialects.Nacos;

/// <summary>A page number and page size.</summary>
internal readonly record struct Paging(int Number, int Size)
{
    public long Skip => (Number - 1L) * Size;

    /// <summary>Returns the paging parameters of a call.</summary>
    /// <exception cref="FaultException">A parameter is missing, not a number, or below 1.</exception>
    public static Paging Of(NacosCall call, int? defaultNumber = null, int? defaultSize = null)
    {
        long number = call.Number("pageNo") ?? defaultNumber ?? throw FaultException.Missing("pageNo");
        long size = call.Number("pageSize") ?? defaultSize ?? throw FaultException.Missing("pageSize");
        if (number is < int.MinValue or > int.MaxValue || size is < int.MinValue or > int.MaxValue) throw new FaultException(Fault.WrongType, "Failed to convert value of type 'java.lang.String' to required type 'int'");
        if (number <= 0 || size <= 0) throw new FaultException(Fault.BadPage, "pageNo and pageSize must be greater than zero");

        return new Paging((int)number, (int)size);
    }

    public int PagesOf(int totalCount) => (int)(((long)totalCount + Size - 1) / Size);
}
