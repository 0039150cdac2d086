namespace Acm.Client.Http;

/// <summary>The defaults of a dialect for parts that a server address leaves out.</summary>
/// <param name="Port">The port without TLS.</param>
/// <param name="ContextPath">The context path with its leading slash. Every request path of the dialect begins with it.</param>
/// <param name="SecondPortOffset">Offset of the gRPC port from the HTTP port; null if the servers have none.</param>
internal sealed record AddressDefaults(int Port, string ContextPath, int? SecondPortOffset)
{
    /// <summary>Gets the defaults for cloud services, which belong to no dialect.</summary>
    public static AddressDefaults None { get; } = new(8080, "", null);
}
