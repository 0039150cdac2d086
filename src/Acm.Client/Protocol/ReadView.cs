namespace Acm.Client.Protocol;

/// <summary>Which state a read returned.</summary>
internal enum ReadView
{
    /// <summary>The state that clients are served, which can lag behind the stored one: "not found" is no proof.</summary>
    Served,

    /// <summary>The stored state, which preconditions are compared with and lost writes are looked for in. Clients may be served another one.</summary>
    Stored,

    /// <summary>The only state: the stored value is served.</summary>
    Only,
}
