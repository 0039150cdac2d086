namespace Acm.Server.Dialects.Nacos;

/// <summary>Ends a call with a refusal; caught where the call was routed.</summary>
internal sealed class FaultException(Fault fault, string text) : Exception(text)
{
    public Fault Fault { get; } = fault;

    public static FaultException Missing(string parameter) => new(Fault.MissingParameter, parameter);

    public static FaultException BadValue(string text) => new(Fault.BadValue, text);
}
