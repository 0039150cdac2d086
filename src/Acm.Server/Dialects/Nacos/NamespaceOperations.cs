using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The operations on namespaces that all versions of the API share. The public namespace always exists and cannot be changed.</summary>
internal sealed class NamespaceOperations(ConfigStore store, Generation generation)
{
    private const int MaxIdLength = 128;
    private const int MaxNameLength = 128;
    private const int MaxDescriptionLength = 256;


    private string PublicId => generation >= Generation.Three ? ConfigOperations.PublicNamespace : "";

    private string? PublicDescription => generation > Generation.One ? "Default Namespace" : null;

    /// <summary>Returns all namespaces: the public one first, then the others by ID.</summary>
    public IEnumerable<NamespaceView> All() => [Public(), .. store.Namespaces.All().Select(View)];

    /// <summary>Returns a namespace; null if it does not exist.</summary>
    public NamespaceView? Find(string id)
    {
        if (ConfigOperations.Tenant(id).Length == 0) return generation == Generation.One ? Public() with { Name = "Public", Description = "Public Namespace" } : Public();

        return store.Namespaces.Find(id) is { } entry ? View(entry) : null;
    }

    public bool Exists(string id) => ConfigOperations.Tenant(id).Length == 0 || store.Namespaces.Find(id) is not null;

    /// <summary>Creates a namespace.</summary>
    /// <param name="id">The ID; a blank one is replaced by a new GUID.</param>
    /// <param name="name">The display name.</param>
    /// <param name="description">The description, or null.</param>
    /// <exception cref="FaultException">A value is invalid, or the namespace exists.</exception>
    public void Create(string id, string name, string? description)
    {
        id = string.IsNullOrWhiteSpace(id) ? Guid.NewGuid().ToString() : id.Trim();
        if (!id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) throw new FaultException(Fault.IllegalNamespace, $"namespaceId [{id}] mismatch the pattern");
        if (id.Length > MaxIdLength) throw new FaultException(Fault.IllegalNamespace, $"too long namespaceId, over {MaxIdLength}");
        if (id == ConfigOperations.PublicNamespace) throw new FaultException(Fault.NamespaceExists, $"namespaceId [{id}] is default namespace id and already exist.");

        CheckName(name);
        CheckLengths(name, description);
        if (!store.Namespaces.TryCreate(id, name, description)) throw new FaultException(Fault.NamespaceExists, $"namespaceId [{id}] already exist");
    }

    /// <summary>Changes the name and description of a namespace.</summary>
    /// <exception cref="FaultException">A value is invalid.</exception>
    /// <returns>False if the namespace does not exist.</returns>
    public bool Update(string id, string name, string? description)
    {
        CheckName(name);
        CheckLengths(name, description);
        return store.Namespaces.TryUpdate(id, name, description);
    }

    /// <summary>Removes a namespace from the list; its configurations stay.</summary>
    public void Remove(string id) => store.Namespaces.Remove(id);

    private static void CheckLengths(string name, string? description)
    {
        if (name.Length > MaxNameLength || description?.Length > MaxDescriptionLength) throw new FaultException(Fault.ServerError, "errCode: 500, errMsg: Namespace creation failed ");
    }

    private void CheckName(string name)
    {
        if (generation > Generation.One && !NameRules.IsShowName(name)) throw new FaultException(Fault.IllegalNamespace, $"namespaceName [{name}] contains illegal char");
    }

    private NamespaceView Public() => new(PublicId, ConfigOperations.PublicNamespace, PublicDescription, Count(""), IsPublic: true);

    private NamespaceView View(NamespaceEntry entry) => new(entry.Id, entry.Name, entry.Description, Count(entry.Id), IsPublic: false);

    private int Count(string tenant) => store.Index.Listing(tenant)?.Count ?? 0;
}
