namespace Acm.Client.Protocol;

/// <summary>A dialect whose servers may tell who listens.</summary>
internal interface IListenerDirectory
{
    /// <summary>Asks who listens to a configuration. A server that does not tell is <see cref="AcmErrorKind.CapabilityMissing"/>.</summary>
    ServerOperation<IReadOnlyList<ConfigListener>> Listeners(string @namespace, ConfigKey key);

    /// <summary>Asks what a client listens to in a namespace.</summary>
    ServerOperation<IReadOnlyList<ConfigListener>> ListenersAt(string @namespace, string address);
}
