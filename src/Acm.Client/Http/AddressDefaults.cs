namespace Acm.Client.Http;

/// <summary>What an address of a dialect's servers stands for where it does not say.</summary>
/// <param name="Port">The port without TLS.</param>
/// <param name="ContextPath">The context path, from its slash on. Each path of the dialect's requests begins with it.</param>
/// <param name="SecondPortOffset">How far above the port servers push changes at (gRPC); null where they do not.</param>
internal sealed record AddressDefaults(int Port, string ContextPath, int? SecondPortOffset)
{
    /// <summary>The addresses of what belongs to no dialect: a service of the cloud.</summary>
    public static AddressDefaults None { get; } = new(8080, "", null);
}
