// Walks node-quickbooks, unmodified, through a company of the emulator; prints what it got as JSON.
// EMULATOR, REALM, ACCESS_TOKEN, REFRESH_TOKEN, CLIENT_ID, CLIENT_SECRET say where and as whom.
const QuickBooks = require('node-quickbooks')

const root = process.env.EMULATOR
QuickBooks.V3_ENDPOINT_BASE_URL = `${root}/v3/company/`
QuickBooks.TOKEN_URL = `${root}/oauth2/v1/tokens/bearer`
QuickBooks.REVOKE_URL = `${root}/v2/oauth2/tokens/revoke`
QuickBooks.USER_INFO_URL = `${root}/v1/openid_connect/userinfo`

const books = new QuickBooks(
  process.env.CLIENT_ID, process.env.CLIENT_SECRET, process.env.ACCESS_TOKEN, false, process.env.REALM,
  true, false, 75, '2.0', process.env.REFRESH_TOKEN)

const called = new Set()

function call (method, ...given) {
  called.add(method)
  return new Promise((resolve, reject) => {
    books[method](...given, (error, body) => error ? reject(codes(error, body)) : resolve(body))
  })
}

function codes (error, body) {
  const answer = body || (error.response && error.response.data) || error
  const fault = answer.Fault || {}
  const found = (fault.Error || []).map(one => one.code)
  return found.length ? new Error(`faults ${found.join()}`) : error
}

function plural (entity) {
  return entity.endsWith('y') ? `${entity.slice(0, -1)}ies` : entity === 'Class' ? 'Classes' : `${entity}s`
}

// Create, read, change, find, count, delete: the same for every entity the client has methods for.
async function keep (entity, body, change, deletable) {
  const made = await call(`create${entity}`, body)
  const read = await call(`get${entity}`, made.Id)
  const seen = { made: made.Id, read: read.Id }
  if (change) {
    const changed = await call(`update${entity}`, Object.assign({}, read, change))
    seen.token = changed.SyncToken
  }
  const found = await call(`find${plural(entity)}`, [{ field: 'Id', value: made.Id }])
  seen.found = found.QueryResponse[entity].length
  const counted = await call(`find${plural(entity)}`, [{ field: 'Id', value: made.Id }, { count: true }])
  seen.count = counted.QueryResponse.totalCount
  if (deletable) {
    seen.deleted = (await call(`delete${entity}`, made.Id))[entity].status
  }
  return seen
}

function posted (PostingType, account) {
  const detail = { PostingType, AccountRef: { value: account } }
  return { Amount: 5, DetailType: 'JournalEntryLineDetail', JournalEntryLineDetail: detail }
}

async function taxes () {
  const rate = { TaxRateName: 'Node county', RateValue: '5', TaxAgencyId: '1', TaxApplicableOn: 'Sales' }
  const made = await call('createTaxService', { TaxCode: 'Node', TaxRateDetails: [rate] })
  const code = await call('getTaxCode', made.TaxCodeId)
  const found = await call('getTaxRate', code.SalesTaxRateList.TaxRateDetail[0].TaxRateRef.value)
  const codes = (await call('findTaxCodes', [{ field: 'Name', value: 'Node' }])).QueryResponse.TaxCode
  const rates = (await call('findTaxRates', [{ field: 'Name', value: 'Node county' }])).QueryResponse.TaxRate
  return [found.RateValue, codes.length, rates.length]
}

async function refused (method, ...given) {
  try {
    await call(method, ...given)
  } catch (error) {
    return error.message
  }
  return 'accepted'
}

// The status of a refusal that is no fault of the books.
function status (method, ...given) {
  return new Promise(resolve => {
    books[method](...given, error => resolve(error && error.response ? error.response.status : 200))
  })
}

async function main () {
  const report = {}
  const customer = await call('createCustomer', { DisplayName: "Node & O'Hara" })
  const CustomerRef = { value: customer.Id }
  const Line = [{
    Amount: 25, DetailType: 'SalesItemLineDetail', SalesItemLineDetail: { ItemRef: { value: '1' } }
  }]
  const note = { PrivateNote: 'changed' }
  const bank = { DepositToAccountRef: { value: '35' } }
  const table = [
    ['Customer', { DisplayName: 'Kept by node' }, { Notes: 'changed' }, false],
    ['Vendor', { DisplayName: 'Node supplies' }, { Notes: 'changed' }, false],
    ['Employee', { GivenName: 'Noe', FamilyName: 'Deo' }, { EmployeeNumber: '7' }, false],
    ['Item', { Name: 'Node', Type: 'Service', IncomeAccountRef: { value: '1' } }, { UnitPrice: 5 }, false],
    ['Account', { Name: 'Node', AccountType: 'Bank' }, { AcctNum: '1010' }, false],
    ['Term', { Name: 'Node', DueDays: 9 }, { DueDays: 8 }, false],
    ['PaymentMethod', { Name: 'Node' }, { Type: 'CREDIT_CARD' }, false],
    ['Class', { Name: 'Node' }, { Name: 'Nodes' }, false],
    ['Department', { Name: 'Node' }, { Name: 'Nodes' }, false],
    ['TaxAgency', { DisplayName: 'Node county' }, null, false],
    ['Estimate', { CustomerRef, Line }, note, true],
    ['Invoice', { CustomerRef, Line }, note, true],
    ['CreditMemo', { CustomerRef, Line }, note, true],
    ['SalesReceipt', { CustomerRef, Line }, note, true],
    ['RefundReceipt', { CustomerRef, Line, ...bank }, note, true],
    ['Payment', { CustomerRef, TotalAmt: 25 }, note, true],
    ['Bill', { VendorRef: { value: '1' }, Line }, note, true],
    ['BillPayment', { VendorRef: { value: '1' }, TotalAmt: 5 }, note, true],
    ['JournalEntry', { Line: [posted('Debit', '35'), posted('Credit', '1')] }, note, true],
    ['Purchase', { PaymentType: 'Cash', Line }, note, true],
    ['PurchaseOrder', { VendorRef: { value: '1' }, Line }, note, true],
    ['TimeActivity', { NameOf: 'Employee', Hours: 2 }, { Hours: 3 }, true],
    ['Transfer', { Amount: 5 }, note, true],
    ['VendorCredit', { VendorRef: { value: '1' }, Line }, note, true],
    ['Attachable', { Note: 'x' }, { Note: 'changed' }, true],
    ['JournalCode', { Name: 'Node', Type: 'Others' }, { Description: 'changed' }, false],
    ['Deposit', { ...bank, Line: [{ Amount: 5, DepositLineDetail: { AccountRef: { value: '1' } } }] }, note, true]
  ]
  report.kept = {}
  for (const [entity, body, change, deletable] of table) {
    report.kept[entity] = await keep(entity, body, change, deletable)
  }
  const invoice = await call('createInvoice', { CustomerRef, Line })
  report.voided = (await call('voidInvoice', invoice.Id)).Invoice.PrivateNote
  const payment = await call('createPayment', { CustomerRef, TotalAmt: 5 })
  report.voidedPayment = (await call('voidPayment', payment)).TotalAmt
  report.sent = {}
  for (const entity of ['Invoice', 'Estimate', 'CreditMemo', 'SalesReceipt', 'PurchaseOrder']) {
    const form = await call(`create${entity}`, { CustomerRef, Line })
    const method = entity === 'PurchaseOrder' ? `send${entity}` : `send${entity}Pdf`
    report.sent[entity] = (await call(method, form.Id, 'someone@example.com')).EmailStatus
  }
  const company = await call('getCompanyInfo', process.env.REALM)
  report.company = [company.CompanyName]
  const renamed = { Id: company.Id, SyncToken: company.SyncToken, CompanyName: 'Renamed' }
  report.company.push((await call('updateCompanyInfo', renamed)).CompanyName)
  report.company.push((await call('findCompanyInfos')).QueryResponse.CompanyInfo[0].CompanyName)
  const { Id, SyncToken } = await call('getPreferences')
  const preferred = { Id, SyncToken, SalesFormsPrefs: { AllowShipping: true } }
  report.preferences = [(await call('updatePreferences', preferred)).SalesFormsPrefs.AllowShipping]
  const found = await call('findPreferenceses')
  report.preferences.push(found.QueryResponse.Preferences[0].SalesFormsPrefs.AllowShipping)
  report.taxes = await taxes()
  report.loaded = {}
  for (const [one, many] of [['CompanyCurrency', 'CompanyCurrencies'], ['CustomerType', 'CustomerTypes']]) {
    report.loaded[one] = [(await call(`get${one}`, '77')).Id, (await call(`find${many}`)).QueryResponse[one].length]
  }
  report.loaded.Budget = (await call('findBudgets')).QueryResponse.Budget.length
  report.loaded.ExchangeRate = (await call('findExchangeRates')).QueryResponse.ExchangeRate.length
  const quoted = await call('findCustomers', [{ field: 'DisplayName', value: "Node & O'Hara" }])
  const owed = await call('reportCustomerBalance', { accounting_method: 'Accrual' })
  report.owed = [owed.Header.ReportName, owed.Header.ReportBasis]
  report.quoted = quoted.QueryResponse.Customer[0].Id === customer.Id
  const items = Array.from({ length: 30 }, (_, number) => ({
    bId: `b${number}`, operation: 'create', Customer: { DisplayName: `Batch ${number}` }
  }))
  report.batch = []
  const parts = [items.slice(0, 25), items.slice(25).concat(items.slice(0, 25).map((item, number) => (
    { ...item, Customer: { DisplayName: `Again ${number}` } })))]
  for (const part of parts) {
    report.batch.push((await call('batch', part)).BatchItemResponse.filter(one => one.Customer).length)
  }
  report.tooMany = await refused('batch', items.concat([{ bId: 'x', Query: 'select * from Item' }]))
  const all = await call('findCustomers', { fetchAll: true, limit: 10 })
  report.fetchedAll = all.QueryResponse.Customer.length
  const changes = await call('changeDataCapture', ['Customer', 'Payment'], new Date(Date.now() - 3600e3))
  report.changed = changes.CDCResponse[0].QueryResponse.map(part => Object.keys(part)[0])
  report.duplicate = await refused('createCustomer', { DisplayName: "Node & O'Hara" })
  report.missing = await refused('getInvoice', '999999')
  report.stale = await refused('updateCustomer', { Id: customer.Id, SyncToken: '7', sparse: true, Notes: 'x' })
  report.unsupported = []
  for (const entity of ['TaxAgency', 'TaxCode', 'TaxRate']) {
    report.unsupported.push(await refused(`update${entity}`, { Id: '1', SyncToken: '0', Name: 'x' }))
  }
  const line = { Id: customer.Id, SyncToken: customer.SyncToken, Notes: 'once', requestId: 'node-1' }
  const first = await call('updateCustomer', { ...line })
  report.replayed = (await call('updateCustomer', { ...line, Notes: 'twice' })).Notes === first.Notes
  const numbered = { CustomerRef, Line, DocNumber: 'N-1' }
  await call('createInvoice', { ...numbered })
  report.number = await refused('createInvoice', { ...numbered })
  report.knownNumber = (await call('createInvoice', { ...numbered, allowDuplicateDocNum: true })).DocNumber
  await call('refreshAccessToken')
  report.refreshed = (await call('getCustomer', customer.Id)).Id === customer.Id
  report.person = (await call('getUserInfo')).sub
  await call('revokeAccess', true)
  books.token = process.env.ACCESS_TOKEN
  books.realmId = process.env.REALM
  report.revoked = await status('getCustomer', customer.Id)
  report.uncalled = Object.keys(QuickBooks.prototype).filter(name => !called.has(name))
  console.log(JSON.stringify(report))
}

main().catch(error => { console.error(error); process.exit(1) })
