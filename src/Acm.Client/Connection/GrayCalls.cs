using Acm.Client.Encryption;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Text;

namespace Acm.Client;

/// <summary>The gray release methods of a client.</summary>
internal sealed class GrayCalls(AcmConnection connection, string @namespace)
{
    private IGrayReleases Releases => connection.Protocol as IGrayReleases ?? throw ConfigErrors.Missing(connection.Protocol.Name, "publish a gray release", "Use a server that does, such as Nacos.");

    public async Task<GrayConfig> GetAsync(ConfigKey key, GrayTarget target, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        await BeginAsync(key, target, call, cancellationToken).ConfigureAwait(false);
        GrayValue gray = await connection.Pool.RunAsync(Releases.GetGray(@namespace, key, target), call, cancellationToken).ConfigureAwait(false)
            ?? throw new AcmException(AcmErrorKind.ConfigNotFound, $"'{key}' in {NamespaceName.Describe(@namespace)} does not have {target}.") { Key = key, IsFinal = true };
        AcmConfig config = await connection.Cipher.OpenAsync(ConfigFactory.FromServer(@namespace, key, gray.Value), call, cancellationToken).ConfigureAwait(false);
        return new GrayConfig { Config = config, Addresses = gray.Addresses, Tag = target.Tag };
    }

    public async Task<bool> HasBetaAsync(ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        try
        {
            await BeginAsync(key, GrayTarget.Beta, call, cancellationToken).ConfigureAwait(false);
            return connection.Protocol is IGrayReleases releases && await connection.Pool.RunAsync(releases.GetGray(@namespace, key, GrayTarget.Beta), call, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (AcmException)
        {
            // The user may have write but not read permission; the publish itself succeeded.
            return false;
        }
    }

    public async Task<AcmConfig> PublishAsync(ConfigKey key, string content, GrayTarget target, PublishOptions? options, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (target is null) throw new ArgumentNullException(nameof(target));
        if (target is { Tag: null, Addresses.Count: 0 }) throw new ArgumentException("A beta version needs the IP address of a client.", nameof(target));
        WriteCalls.CheckOptions(connection.Protocol, key, content, options);
        await BeginAsync(key, target, call, cancellationToken).ConfigureAwait(false);
        IGrayReleases releases = Releases;
        SealedContent stored = await connection.Cipher.SealAsync(key, content, options, cancellationToken).ConfigureAwait(false);
        var request = new PublishRequest(key, connection.Protocol.EncodeContent(stored.Text), ConfigMetadata.OfDataKey(stored.DataKey));
        string server = await connection.Pool.RunAsync(releases.PublishGray(@namespace, request, target), call, cancellationToken).ConfigureAwait(false);
        var sent = new ServerValue { Text = stored.Text, Bytes = request.Content, Md5 = Md5Hex.Of(request.Content), Charset = connection.Protocol.ContentCharset, Server = server, Metadata = request.Metadata };
        AcmConfig config = ConfigFactory.FromServer(@namespace, key, sent);
        return stored.Text == content ? config : config.With(content, warning: null);
    }

    public async Task RemoveAsync(ConfigKey key, GrayTarget target, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        await BeginAsync(key, target, call, cancellationToken).ConfigureAwait(false);
        await connection.Pool.RunAsync(Releases.RemoveGray(@namespace, key, target), call, cancellationToken).ConfigureAwait(false);
    }

    private Task BeginAsync(ConfigKey key, GrayTarget target, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (target is null) throw new ArgumentNullException(nameof(target));
        connection.Protocol.CheckKey(key);
        OptionRules.Check(call);
        return connection.FindDialectAsync(call, cancellationToken);
    }
}
