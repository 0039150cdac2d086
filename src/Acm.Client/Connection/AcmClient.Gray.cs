using Acm.Client.Encryption;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Text;

namespace Acm.Client;

public sealed partial class AcmClient
{
    /// <summary>Reads a gray release of a configuration.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="target">The release.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the release does not exist; <see cref="AcmErrorKind.CapabilityMissing"/>: the server does not support or report gray releases.</exception>
    public async Task<GrayConfig> GetGrayAsync(ConfigKey key, GrayTarget target, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (target is null) throw new ArgumentNullException(nameof(target));
        await PrepareAsync(key, call, cancellationToken).ConfigureAwait(false);
        GrayValue gray = await _connection.Pool.RunAsync(GrayReleases.GetGray(Namespace, key, target), call, cancellationToken).ConfigureAwait(false)
            ?? throw new AcmException(AcmErrorKind.ConfigNotFound, $"'{key}' in {NamespaceName.Describe(Namespace)} does not have {target}.") { Key = key, IsFinal = true };
        AcmConfig config = await _connection.Cipher.OpenAsync(ConfigFactory.FromServer(Namespace, key, gray.Value), call, cancellationToken).ConfigureAwait(false);
        return new GrayConfig { Config = config, Addresses = gray.Addresses, Tag = target.Tag };
    }

    /// <summary>Returns whether a beta release of a configuration exists, even without formal content. False if the servers do not support or report gray releases.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<bool> HasBetaAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        try
        {
            await PrepareAsync(key, call, cancellationToken).ConfigureAwait(false);
            return _connection.Protocol is IGrayReleases releases && await _connection.Pool.RunAsync(releases.GetGray(Namespace, key, GrayTarget.Beta), call, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (AcmException)
        {
            // The user may lack read permission; the write before this check succeeded.
            return false;
        }
    }

    /// <summary>Publishes a gray release for some clients; the others keep the formal content. There is no precondition, because servers do not support one.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="content">The content.</param>
    /// <param name="target">The clients that receive it.</param>
    /// <param name="options">Encryption options; preconditions and metadata do not apply. Null for none.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The release as it was sent. The release of a tag cannot be read back immediately, because reads lag behind for a moment.</returns>
    /// <exception cref="AcmException">The write failed; <see cref="AcmErrorKind.CapabilityMissing"/>: the server does not support gray releases, or kept the addresses of another beta release.</exception>
    public async Task<AcmConfig> PublishGrayAsync(ConfigKey key, string content, GrayTarget target, PublishOptions? options = null, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (target is null) throw new ArgumentNullException(nameof(target));
        if (target is { Tag: null, Addresses.Count: 0 }) throw new ArgumentException("A beta version needs the IP address of a client.", nameof(target));
        CheckOptions(key, content, options);
        await PrepareAsync(key, call, cancellationToken).ConfigureAwait(false);
        IGrayReleases releases = GrayReleases;
        SealedContent stored = await _connection.Cipher.SealAsync(key, content, options, cancellationToken).ConfigureAwait(false);
        var request = new PublishRequest(key, _connection.Protocol.EncodeContent(stored.Text), ConfigMetadata.OfDataKey(stored.DataKey));
        string server = await _connection.Pool.RunAsync(releases.PublishGray(Namespace, request, target), call, cancellationToken).ConfigureAwait(false);
        var sent = new ServerValue { Text = stored.Text, Bytes = request.Content, Md5 = Md5Hex.Of(request.Content), Charset = _connection.Protocol.ContentCharset, Server = server, Metadata = request.Metadata };
        AcmConfig config = ConfigFactory.FromServer(Namespace, key, sent);
        return stored.Text == content ? config : config.With(content, warning: null);
    }

    /// <summary>Removes a gray release; its clients receive the formal content.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="target">The release.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the release does not exist; <see cref="AcmErrorKind.CapabilityMissing"/>: the server reported success but did not remove it.</exception>
    public async Task RemoveGrayAsync(ConfigKey key, GrayTarget target, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (target is null) throw new ArgumentNullException(nameof(target));
        await PrepareAsync(key, call, cancellationToken).ConfigureAwait(false);
        await _connection.Pool.RunAsync(GrayReleases.RemoveGray(Namespace, key, target), call, cancellationToken).ConfigureAwait(false);
    }

    private IGrayReleases GrayReleases => _connection.Protocol as IGrayReleases ?? throw ConfigErrors.Missing(_connection.Protocol.Name, "publish a gray release", "Use a server that does, such as Nacos.");
}
