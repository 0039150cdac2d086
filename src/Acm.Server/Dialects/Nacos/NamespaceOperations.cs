using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Namespaces, as all families see them. The public one is always there and stays as it is.</summary>
internal sealed class NamespaceOperations(ConfigStore store, Generation generation)
{
    private const int MaxIdLength = 128;
    private const int MaxNameLength = 128;
    private const int MaxDescriptionLength = 256;

    public const string PublicName = "public";

    private string PublicId => generation >= Generation.Three ? ConfigOperations.PublicNamespace : "";

    private string? PublicDescription => generation > Generation.One ? "Default Namespace" : null;

    /// <summary>The public one first, the others by id.</summary>
    public IEnumerable<NamespaceView> All() => [Public(), .. store.Namespaces.All().Select(View)];

    /// <summary>Null where there is none of this id.</summary>
    public NamespaceView? Find(string id)
    {
        if (ConfigOperations.Tenant(id).Length == 0) return generation == Generation.One ? Public() with { Name = "Public", Description = "Public Namespace" } : Public();

        return store.Namespaces.Find(id) is { } entry ? View(entry) : null;
    }

    public bool Exists(string id) => ConfigOperations.Tenant(id).Length == 0 || store.Namespaces.Find(id) is not null;

    /// <param name="id">Blank makes one up.</param>
    /// <param name="name">What people read.</param>
    /// <param name="description">May be absent.</param>
    /// <exception cref="FaultException">A value is refused, or the namespace is there already.</exception>
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

    /// <exception cref="FaultException">A value is refused.</exception>
    /// <returns>False where there is none of this id.</returns>
    public bool Update(string id, string name, string? description)
    {
        CheckName(name);
        CheckLengths(name, description);
        return store.Namespaces.TryUpdate(id, name, description);
    }

    /// <summary>Takes the entry away; the configurations stay under its id.</summary>
    public void Remove(string id) => store.Namespaces.Remove(id);

    private static void CheckLengths(string name, string? description)
    {
        if (name.Length > MaxNameLength || description?.Length > MaxDescriptionLength) throw new FaultException(Fault.ServerError, "errCode: 500, errMsg: Namespace creation failed ");
    }

    private void CheckName(string name)
    {
        if (generation > Generation.One && !NameRules.IsShowName(name)) throw new FaultException(Fault.IllegalNamespace, $"namespaceName [{name}] contains illegal char");
    }

    private NamespaceView Public() => new(PublicId, PublicName, PublicDescription, Count(""), IsPublic: true);

    private NamespaceView View(NamespaceEntry entry) => new(entry.Id, entry.Name, entry.Description, Count(entry.Id), IsPublic: false);

    private int Count(string tenant) => store.Index.Listing(tenant)?.Count ?? 0;
}
