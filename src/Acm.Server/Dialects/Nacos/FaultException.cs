namespace Acm.Server.Dialects.Nacos;

/// <summary>An error that fails a call; <see cref="NacosDialect"/> turns it into a response.</summary>
internal sealed class FaultException(Fault fault, string text) : Exception(text)
{
    public Fault Fault { get; } = fault;

    public static FaultException Missing(string parameter) => new(Fault.MissingParameter, parameter);

    public static FaultException BadValue(string text) => new(Fault.BadValue, text);
}
