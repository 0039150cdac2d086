namespace Acm.Client.Protocol;

/// <summary>A dialect whose servers may report their listeners.</summary>
internal interface IListenerDirectory
{
    /// <summary>Gets the listeners of a configuration. If a server does not report them, the error is <see cref="AcmErrorKind.CapabilityMissing"/>.</summary>
    ServerOperation<IReadOnlyList<ConfigListener>> Listeners(string @namespace, ConfigKey key);

    /// <summary>Gets the configurations of a namespace that a client listens to.</summary>
    ServerOperation<IReadOnlyList<ConfigListener>> ListenersAt(string @namespace, string address);
}
